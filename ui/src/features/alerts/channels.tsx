import { useState } from "react";
import { Pencil, Plus, Send, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRemoveAlertChannel, useSaveAlertChannel, useTestAlertChannel } from "@/api/mutations";
import { useAlerting } from "@/api/queries";
import type { AlertChannel } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Switch } from "@/components/choice";
import { Confirm } from "@/components/dialog";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Badge } from "@/components/status";
import { toast, toastError } from "@/components/toast";
import { ChannelForm } from "./channel-form";

/** By which ways somebody is told. */
export function Channels() {
  const { t } = useTranslation();
  const alerting = useAlerting();
  const [adding, setAdding] = useState(false);
  if (alerting.error) return <ErrorNotice error={alerting.error} onRetry={() => void alerting.refetch()} />;
  if (!alerting.data) return <SkeletonRows />;
  const { channels } = alerting.data;
  const add = (
    <Button size="sm" icon={Plus} onClick={() => setAdding(true)}>
      {t("channels.add")}
    </Button>
  );
  return (
    <>
      <Panel flush title={t("channels.title")} aside={channels.length > 0 && add}>
        {channels.length === 0 ? (
          <Empty icon={Send} title={t("channels.emptyTitle")} text={t("channels.emptyText")}>
            {add}
          </Empty>
        ) : (
          <ul className="divide-y divide-line/70">
            {channels.map((channel) => (
              <Row key={channel.id} channel={channel} />
            ))}
          </ul>
        )}
      </Panel>
      {adding && <ChannelForm onClose={() => setAdding(false)} />}
    </>
  );
}

function Row({ channel }: { channel: AlertChannel }) {
  const { t } = useTranslation();
  const save = useSaveAlertChannel();
  const remove = useRemoveAlertChannel();
  const test = useTestAlertChannel();
  const [open, setOpen] = useState<"form" | "remove">();
  const { kind } = channel;
  const to =
    kind.by === "mail"
      ? kind.to.join(", ")
      : kind.by === "webhook"
        ? kind.url
        : "chat" in kind
          ? kind.chat
          : "";
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
      <Switch
        checked={channel.enabled}
        label={t("channels.use", { name: channel.name })}
        disabled={save.isPending}
        onChange={(enabled) =>
          save.mutate({ channel: { ...channel, enabled }, secret: null }, { onError: toastError })
        }
      />
      <div className="min-w-50 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{channel.name}</span>
          <Badge>{t(`channels.kind.${kind.by}`)}</Badge>
        </p>
        {to && <p className="text-xs break-all text-muted">{to}</p>}
      </div>
      <Button
        size="sm"
        icon={Send}
        busy={test.isPending}
        onClick={() =>
          test.mutate(
            { channel, secret: null },
            { onSuccess: (said) => toast("ok", t("channels.sent", { said })), onError: toastError },
          )
        }
      >
        {t("channels.test")}
      </Button>
      <IconButton
        icon={Pencil}
        label={t("channels.edit", { name: channel.name })}
        onClick={() => setOpen("form")}
      />
      <IconButton
        icon={X}
        label={t("channels.remove", { name: channel.name })}
        onClick={() => setOpen("remove")}
      />
      {open === "form" && <ChannelForm channel={channel} onClose={() => setOpen(undefined)} />}
      <Confirm
        open={open === "remove"}
        title={t("channels.remove", { name: channel.name })}
        action={t("alertRules.removeDo")}
        busy={remove.isPending}
        onClose={() => setOpen(undefined)}
        onConfirm={() =>
          remove.mutate(channel.id, { onSuccess: () => setOpen(undefined), onError: toastError })
        }
      >
        {t("channels.removeText")}
      </Confirm>
    </li>
  );
}
