import { useId, useState, type ReactNode } from "react";
import { Lightbulb } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useConflicts, usePeers, useTemplates } from "@/api/queries";
import type { Change, Finding, ForwardDraft, TemplateRow } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Button } from "@/components/button";
import { Checkbox, Segments } from "@/components/choice";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { Hints } from "@/components/states";
import { Shape, toneText } from "@/components/status";
import { TextField } from "@/components/text-field";
import { HelpLink } from "@/features/help/help-link";
import { fieldError } from "@/features/login/login";
import { cx } from "@/lib/cx";
import { useDebounced } from "@/lib/use-debounced";

interface FormProps {
  draft: ForwardDraft;
  onChange: (draft: ForwardDraft) => void;
  /** The forward that is edited; none for a new one. */
  own: string | null;
  onSubmit: (change: Change) => void;
  onCancel: () => void;
  /** Only peers of this public IP are offered. */
  on?: string | undefined;
  /** At the drop point: peer and machine are known. */
  compact?: boolean;
}

/** What is to be opened. What stands against it is named while it is typed. */
export function ForwardForm({ draft, onChange, own, on, onSubmit, onCancel, compact }: FormProps) {
  const { t } = useTranslation();
  const form = useId();
  const { data: peers = [] } = usePeers();
  const [enabled, setEnabled] = useState(true);
  const set = (next: Partial<ForwardDraft>) => onChange({ ...draft, ...next });
  const peer = peers.find((one) => one.name === draft.peer);
  const complete = draft.peer !== "" && (draft.template !== null || draft.ports.trim() !== "");
  const settled = useDebounced(draft, 120);
  const conflicts = useConflicts(complete ? settled : undefined, own);
  const found = complete ? (conflicts.data ?? []) : [];
  const blocked = found.some((one) => one.severity === "error");
  const error = complete ? conflicts.error : null;
  const submit = () => {
    if (!complete || blocked) return;
    onSubmit(own ? { change: "forward_edit", id: own, draft } : { change: "forward_add", draft, enabled });
  };
  return (
    <form
      id={form}
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {!compact && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("forwards.peer")} error={fieldError(error, "peer")}>
            {(control) => (
              <Select
                {...control}
                value={draft.peer}
                onChange={(next) => set({ peer: next, to: "" })}
                placeholder={t("forwards.choosePeer")}
                options={(on ? peers.filter((one) => one.public_ip === on) : peers).map((one) => ({
                  value: one.name,
                  label: one.name,
                  detail: one.public_ip,
                  disabled: own !== null && one.name !== draft.peer,
                }))}
              />
            )}
          </Field>
          <TextField
            label={t("forwards.target")}
            hint={t("forwards.targetHint")}
            error={fieldError(error, "to", "target")}
            mono
            list={`${form}-targets`}
            value={draft.to}
            placeholder={peer?.kind === "manual" ? "peer" : (peer?.first_vm ?? "10.99.1.2")}
            onChange={(text) => set({ to: text })}
          />
          <datalist id={`${form}-targets`}>
            <option value="peer" />
            {peer && <option value={peer.first_vm} />}
          </datalist>
        </div>
      )}
      {!own && (
        <TemplateField
          value={draft.template}
          onChange={(template) =>
            set(
              template
                ? { template: template.name, label: draft.label || template.title }
                : { template: null },
            )
          }
        />
      )}
      {draft.template === null && (
        <div className={cx("grid gap-4", !compact && "sm:grid-cols-[minmax(0,1fr)_auto]")}>
          <TextField
            label={t("forwards.ports")}
            hint={t("forwards.portsHint")}
            error={fieldError(error, "ports", "port", "public_port", "port_range")}
            mono
            autoFocus
            value={draft.ports}
            placeholder="25565"
            onChange={(text) => set({ ports: text })}
          />
          <div>
            <p className="mb-1 font-medium">{t("forwards.protocol")}</p>
            <Segments
              label={t("forwards.protocol")}
              value={draft.protocols || "tcp"}
              onChange={(protocols) => set({ protocols })}
              segments={[
                { value: "tcp", label: "TCP" },
                { value: "udp", label: "UDP" },
                { value: "both", label: "TCP + UDP" },
              ]}
            />
          </div>
        </div>
      )}
      <TextField
        label={t("forwards.label")}
        optional
        hint={compact ? undefined : t("forwards.labelHint")}
        error={fieldError(error, "label")}
        value={draft.label}
        placeholder="survival"
        onChange={(text) => set({ label: text })}
      />
      {!own && !compact && <Checkbox checked={enabled} onChange={setEnabled} label={t("forwards.atOnce")} />}
      <Against found={found} error={error} />
      {peer && complete && found.length === 0 && !error && (
        <p className="flex items-center gap-2 rounded-md border bg-sunken px-3 py-2 font-mono text-xs">
          <Shape tone="ok" />
          <span className="min-w-0 break-all">
            {peer.public_ip}
            {draft.template ? ` · ${draft.template}` : `:${draft.ports}`} →{" "}
            {draft.to || (peer.kind === "manual" ? peer.tunnel_ip : peer.first_vm)}
          </span>
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={!complete || blocked || error !== null}>
          {t(own ? "forwards.planEdit" : "forwards.open")}
        </Button>
      </div>
    </form>
  );
}

/** What stands against it, with its owner; why a port can be given once, for those who wonder. */
function Against({ found, error }: { found: Finding[]; error: unknown }): ReactNode {
  const { t } = useTranslation();
  const general =
    error !== null && !asUserError(error).code.startsWith("bad_input") ? asUserError(error) : null;
  return (
    <div role="status" className={found.length === 0 && !general ? "hidden" : "grid gap-2"}>
      {general && <p className="text-bad">{general.message}</p>}
      {found.slice(0, 4).map((one) => {
        const tone = one.severity === "error" ? "bad" : one.severity === "warning" ? "warn" : "info";
        return (
          <div key={one.code + one.message} className="flex gap-2">
            <Shape tone={tone} className="mt-1.5" />
            <div className="min-w-0">
              <p className={cx("break-words", toneText[tone])}>{one.message}</p>
              <Hints hints={one.hints} />
            </div>
          </div>
        );
      })}
      {found.some((one) => one.code === "port_taken") && (
        <p className="flex gap-2 text-xs text-muted">
          <Lightbulb aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span>
            {t("forwards.whyConflict")} <HelpLink to="conflict" />
          </span>
        </p>
      )}
    </div>
  );
}

function TemplateField({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (template: TemplateRow | null) => void;
}) {
  const { t } = useTranslation();
  const { data: templates = [] } = useTemplates();
  const own = "-";
  return (
    <Field label={t("forwards.template")}>
      {(control) => (
        <Select
          {...control}
          value={value ?? own}
          onChange={(next) => onChange(templates.find((one) => one.name === next) ?? null)}
          options={[
            { value: own, label: t("forwards.ownPorts") },
            ...templates.map((one) => ({ value: one.name, label: one.title || one.name, detail: one.ports })),
          ]}
        />
      )}
    </Field>
  );
}
