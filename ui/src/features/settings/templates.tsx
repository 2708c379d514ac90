import { useMemo, useState } from "react";
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRemoveTemplate, useSaveTemplate } from "@/api/mutations";
import { useTemplates } from "@/api/queries";
import type { TemplateRow } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Confirm } from "@/components/dialog";
import { SearchInput } from "@/components/input";
import { Panel } from "@/components/layout";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge } from "@/components/status";
import { toastError } from "@/components/toast";
import { TextField } from "@/components/text-field";
import { fieldError } from "@/features/login/login";

/** Named sets of ports: those of the program, and the person's own. */
export function Templates() {
  const { t } = useTranslation();
  const templates = useTemplates();
  const [text, setText] = useState("");
  const rows = useMemo(
    () =>
      (templates.data ?? []).filter((row) =>
        `${row.name} ${row.title} ${row.ports}`.toLowerCase().includes(text.toLowerCase()),
      ),
    [templates.data, text],
  );
  return (
    <div className="grid gap-4">
      <AddTemplate />
      <SearchInput value={text} onChange={setText} label={t("templates.search")} className="max-w-72" />
      {templates.error && <ErrorNotice error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.isPending && <SkeletonRows />}
      <ul className="divide-y divide-line/70 rounded-lg border bg-surface">
        {rows.map((row) => (
          <Row key={row.name} row={row} />
        ))}
        {templates.data && rows.length === 0 && (
          <li className="px-4 py-4 text-muted">{t("table.nothing")}</li>
        )}
      </ul>
    </div>
  );
}

function Row({ row }: { row: TemplateRow }) {
  const { t } = useTranslation();
  const remove = useRemoveTemplate();
  const [asking, setAsking] = useState(false);
  const go = () =>
    remove.mutate(row.name, {
      onSuccess: () => setAsking(false),
      onError: toastError,
    });
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <div className="min-w-50 flex-1">
        <p className="flex items-center gap-2">
          <span className="font-medium">{row.title || row.name}</span>
          {row.own ? (
            <Badge tone="info">{t("templates.own")}</Badge>
          ) : (
            row.title && <code className="text-xs text-muted">{row.name}</code>
          )}
        </p>
        {row.source && <p className="text-xs break-words text-muted">{row.source}</p>}
      </div>
      <code className="text-xs">{row.ports}</code>
      {row.own && (
        <IconButton
          icon={X}
          label={t("templates.remove", { name: row.name })}
          onClick={() => setAsking(true)}
        />
      )}
      <Confirm
        open={asking}
        title={t("templates.remove", { name: row.name })}
        action={t("templates.removeDo")}
        busy={remove.isPending}
        onClose={() => setAsking(false)}
        onConfirm={go}
      >
        {t("templates.removeText")}
      </Confirm>
    </li>
  );
}

function AddTemplate() {
  const { t } = useTranslation();
  const save = useSaveTemplate();
  const [name, setName] = useState("");
  const [ports, setPorts] = useState("");
  const submit = () =>
    save.mutate(
      { name: name.trim(), ports },
      {
        onSuccess: () => {
          setName("");
          setPorts("");
        },
      },
    );
  const ofField = fieldError(save.error, "name") ?? fieldError(save.error, "template", "port", "ports");
  return (
    <Panel title={t("templates.add")}>
      <form
        className="grid items-start gap-3 sm:grid-cols-[1fr_2fr_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label={t("vpses.name")}
          error={fieldError(save.error, "name")}
          value={name}
          placeholder="my-server"
          onChange={setName}
        />
        <TextField
          label={t("forwards.ports")}
          hint={t("templates.portsHint")}
          error={fieldError(save.error, "template", "port", "ports")}
          mono
          value={ports}
          placeholder="25565 tcp+udp, 8123 tcp"
          onChange={setPorts}
        />
        <Button
          type="submit"
          icon={Plus}
          className="sm:mt-6"
          busy={save.isPending}
          disabled={name.trim() === "" || ports.trim() === ""}
        >
          {t("common.save")}
        </Button>
      </form>
      {save.error && !ofField && <ErrorNotice error={save.error} />}
    </Panel>
  );
}
