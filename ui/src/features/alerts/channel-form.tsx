import { useState } from "react";
import { Send } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSaveAlertChannel, useTestAlertChannel } from "@/api/mutations";
import type { AlertChannel, ChannelKind, MailSecurity, AlertSeverity } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Segments } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Select } from "@/components/select";
import { ErrorNotice, Notice } from "@/components/states";
import { TextField } from "@/components/text-field";
import { fieldError } from "@/features/login/login";
import { SEVERITIES } from "./severity";

type By = ChannelKind["by"];

const KINDS: By[] = ["mail", "discord", "telegram", "slack", "webhook"];
const SECURITIES: MailSecurity[] = ["starttls", "tls", "none"];
const PORTS: Record<MailSecurity, number> = { starttls: 587, tls: 465, none: 25 };

/** What is typed, as it is in every language. */
const EXAMPLE = {
  name: "phone",
  template: "{rule}: {name} {reason}",
  url: "https://example.org/hook",
  to: "me@example.org, friend@example.org",
};

const empty: Record<By, ChannelKind> = {
  mail: { by: "mail", server: "", port: 587, security: "starttls", user: "", from: "", to: [] },
  discord: { by: "discord" },
  telegram: { by: "telegram", chat: "", server: "https://api.telegram.org" },
  slack: { by: "slack" },
  webhook: { by: "webhook", url: "" },
};

/** Fields that an error can name: what the engine calls them. */
const FIELDS = [
  "name",
  "mail_server",
  "mail_security",
  "sender",
  "receiver",
  "webhook",
  "chat",
  "Telegram_server",
  "Discord_webhook",
  "Slack_webhook",
  "bot_token",
  "secret",
];

interface ChannelFormProps {
  /** The one that is changed; none to add one. */
  channel?: AlertChannel;
  onClose: () => void;
}

export function ChannelForm({ channel: before, onClose }: ChannelFormProps) {
  const { t } = useTranslation();
  const save = useSaveAlertChannel();
  const test = useTestAlertChannel();
  const [start] = useState<AlertChannel>(
    () =>
      before ?? {
        id: crypto.randomUUID(),
        name: "",
        kind: empty.mail,
        at_least: "info",
        template: "",
        enabled: true,
      },
  );
  const [channel, setChannel] = useState(start);
  const [secret, setSecret] = useState("");
  const set = (change: Partial<AlertChannel>) => {
    save.reset();
    test.reset();
    setChannel({ ...channel, ...change });
  };
  const entered = { channel, secret: secret === "" ? null : secret };
  const failed = save.error ?? test.error;
  const error = (...fields: string[]) => fieldError(failed, ...fields);
  const { kind } = channel;
  return (
    <Dialog
      open
      onClose={onClose}
      unsaved={secret !== "" || JSON.stringify(channel) !== JSON.stringify(start)}
      title={before ? t("channels.edit", { name: before.name }) : t("channels.add")}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            icon={Send}
            busy={test.isPending}
            disabled={save.isPending || channel.name === ""}
            onClick={() => test.mutate(entered)}
          >
            {t("channels.test")}
          </Button>
          <Button
            variant="primary"
            busy={save.isPending}
            disabled={test.isPending || channel.name === ""}
            onClick={() => save.mutate(entered, { onSuccess: onClose })}
          >
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {!before && (
          <Segments<By>
            label={t("channels.kindLabel")}
            value={kind.by}
            onChange={(by) => set({ kind: empty[by] })}
            segments={KINDS.map((value) => ({ value, label: t(`channels.kind.${value}`) }))}
          />
        )}
        <p className="text-muted">{t(`channels.help.${kind.by}`)}</p>
        <TextField
          label={t("vpses.name")}
          autoFocus
          value={channel.name}
          placeholder={EXAMPLE.name}
          error={error("name")}
          onChange={(name) => set({ name: name.trim() })}
        />
        <KindFields kind={kind} error={error} onChange={(next) => set({ kind: next })} />
        {(kind.by !== "mail" || kind.user !== "") && (
          <TextField
            label={t(`channels.secret.${kind.by}`)}
            secret
            optional={kind.by === "webhook"}
            hint={before ? t("channels.secretKept") : t("channels.secretHint")}
            error={error("Discord_webhook", "Slack_webhook", "bot_token", "secret")}
            value={secret}
            onChange={(text) => {
              save.reset();
              test.reset();
              setSecret(text);
            }}
          />
        )}
        <div>
          <p className="mb-1 font-medium">{t("channels.atLeast")}</p>
          <Segments<AlertSeverity>
            label={t("channels.atLeast")}
            value={channel.at_least}
            onChange={(at_least) => set({ at_least })}
            segments={[...SEVERITIES]
              .reverse()
              .map((value) => ({ value, label: t(`alertRules.severity.${value}`) }))}
          />
        </div>
        <TextField
          label={t("channels.template")}
          optional
          mono
          placeholder={EXAMPLE.template}
          hint={t("channels.templateHint")}
          error={error("template")}
          value={channel.template}
          onChange={(template) => set({ template })}
        />
        {test.data && <Notice tone="ok" title={t("channels.sent", { said: test.data })} />}
        {failed && !error(...FIELDS, "template") && <ErrorNotice error={failed} />}
      </div>
    </Dialog>
  );
}

interface KindProps {
  kind: ChannelKind;
  error: (...fields: string[]) => string | undefined;
  onChange: (kind: ChannelKind) => void;
}

function KindFields({ kind, error, onChange }: KindProps) {
  const { t } = useTranslation();
  if (kind.by === "mail") return <MailFields kind={kind} error={error} onChange={onChange} />;
  if (kind.by === "webhook")
    return (
      <TextField
        label={t("channels.url")}
        mono
        placeholder={EXAMPLE.url}
        value={kind.url}
        error={error("webhook")}
        onChange={(url) => onChange({ ...kind, url: url.trim() })}
      />
    );
  if (kind.by === "telegram")
    return (
      <TextField
        label={t("channels.chat")}
        mono
        placeholder="-1001234567890"
        value={kind.chat}
        error={error("chat", "Telegram_server")}
        onChange={(chat) => onChange({ ...kind, chat: chat.trim() })}
      />
    );
  return null;
}

type Mail = Extract<ChannelKind, { by: "mail" }>;

function MailFields({ kind, error, onChange }: KindProps & { kind: Mail }) {
  const { t } = useTranslation();
  const [to, setTo] = useState(kind.to.join(", "));
  const set = (change: Partial<Mail>) => onChange({ ...kind, ...change });
  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[2fr_1fr_1fr]">
        <TextField
          label={t("channels.server")}
          mono
          placeholder="mail.example.org"
          value={kind.server}
          error={error("mail_server")}
          onChange={(server) => set({ server: server.trim() })}
        />
        <TextField
          label={t("channels.port")}
          mono
          inputMode="numeric"
          value={String(kind.port)}
          onChange={(port) => /^\d{0,5}$/.test(port) && set({ port: Math.min(Number(port), 65_535) })}
        />
        <Field label={t("channels.security")} error={error("mail_security")}>
          {(control) => (
            <Select
              {...control}
              value={kind.security}
              onChange={(next) => {
                const security = SECURITIES.find((one) => one === next) ?? kind.security;
                set({ security, port: PORTS[security] });
              }}
              options={SECURITIES.map((value) => ({ value, label: t(`channels.securities.${value}`) }))}
            />
          )}
        </Field>
      </div>
      <TextField
        label={t("channels.from")}
        placeholder="wirewarp@example.org"
        value={kind.from}
        error={error("sender")}
        onChange={(from) => set({ from })}
      />
      <TextField
        label={t("channels.to")}
        placeholder={EXAMPLE.to}
        value={to}
        error={error("receiver")}
        onChange={(text) => {
          setTo(text);
          set({
            to: text
              .split(",")
              .map((one) => one.trim())
              .filter(Boolean),
          });
        }}
      />
      <TextField
        label={t("channels.user")}
        optional
        value={kind.user}
        hint={t("channels.userHint")}
        onChange={(user) => set({ user: user.trim() })}
      />
    </>
  );
}
