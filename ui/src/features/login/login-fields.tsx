import { useTranslation } from "react-i18next";
import { useSshHosts, useTarget } from "@/api/queries";
import type { LoginForm, LoginMethod } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Checkbox, Segments } from "@/components/choice";
import { Disclosure } from "@/components/disclosure";
import { Dot } from "@/components/marks";
import { TextField } from "@/components/text-field";
import { useDebounced } from "@/lib/use-debounced";
import { fieldError } from "./login";

interface LoginFieldsProps {
  login: LoginForm;
  onChange: (login: LoginForm) => void;
  error: unknown;
  autoFocus?: boolean;
  /** An example of what is typed here. */
  example: string;
}

/** A word that stands alone. */
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const METHODS = ["default", "key", "agent", "password"] as const;

/** How a machine is logged in to: one field first, the rest for those who need it. */
export function LoginFields({ login, onChange, error, autoFocus, example }: LoginFieldsProps) {
  const { t } = useTranslation();
  const set = (next: Partial<LoginForm>) => onChange({ ...login, ...next });
  return (
    <div className="grid gap-4">
      <Target
        login={login}
        onChange={(target) => set({ target })}
        error={error}
        autoFocus={autoFocus}
        example={example}
      />
      <div>
        <p className="mb-1 font-medium">{t("login.with")}</p>
        <Segments
          label={t("login.with")}
          value={login.method.method}
          onChange={(method) => set({ method: blank(method) })}
          segments={METHODS.map((value) => ({ value, label: t(`login.method.${value}`) }))}
        />
        <Method method={login.method} onChange={(method) => set({ method })} error={error} />
      </div>
      <Disclosure label={t("login.more")} startOpen={login.port !== "" || login.jump !== ""}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={capital(t("login.user"))}
            optional
            error={fieldError(error, "user")}
            mono
            value={login.user}
            placeholder="root"
            onChange={(text) => set({ user: text })}
          />
          <TextField
            label={capital(t("login.port"))}
            optional
            error={fieldError(error, "port")}
            mono
            inputMode="numeric"
            value={login.port}
            placeholder="22"
            onChange={(text) => set({ port: text })}
          />
          <TextField
            label={t("login.jump")}
            optional
            hint={t("login.jumpHint")}
            error={fieldError(error, "jump")}
            mono
            value={login.jump}
            placeholder="ops@bastion:22"
            onChange={(text) => set({ jump: text })}
          />
          <TextField
            label={t("login.sudo")}
            optional
            hint={t("login.sudoHint")}
            secret
            value={login.sudo_password ?? ""}
            onChange={(text) => set({ sudo_password: text || null })}
          />
          <TextField
            className="sm:col-span-2"
            label={t("login.trust")}
            optional
            hint={t("login.trustHint")}
            error={fieldError(error, "trust")}
            mono
            value={login.trust}
            placeholder="SHA256:…"
            onChange={(text) => set({ trust: text })}
          />
        </div>
      </Disclosure>
    </div>
  );
}

function blank(method: (typeof METHODS)[number]): LoginMethod {
  switch (method) {
    case "key":
      return { method, file: "~/.ssh/id_ed25519" };
    case "password":
      return { method, password: "", install_key: true };
    case "agent":
    case "default":
      return { method };
  }
}

function Method({
  method,
  onChange,
  error,
}: {
  method: LoginMethod;
  onChange: (method: LoginMethod) => void;
  error: unknown;
}) {
  const { t } = useTranslation();
  if (method.method === "key") {
    return (
      <TextField
        className="mt-3"
        label={t("login.keyFile")}
        error={fieldError(error, "key", "key_file")}
        mono
        value={method.file}
        onChange={(text) => onChange({ ...method, file: text })}
      />
    );
  }
  if (method.method === "password") {
    return (
      <div className="mt-3 grid gap-3">
        <TextField
          label={t("login.password")}
          hint={t("login.passwordHint")}
          error={fieldError(error, "password")}
          secret
          value={method.password}
          onChange={(text) => onChange({ ...method, password: text })}
        />
        <Checkbox
          checked={method.install_key}
          onChange={(install_key) => onChange({ ...method, install_key })}
          label={t("login.installKey")}
          hint={t("login.installKeyHint")}
        />
      </div>
    );
  }
  return <p className="mt-2 text-xs text-muted">{t(`login.help.${method.method}`)}</p>;
}

interface TargetProps {
  login: LoginForm;
  onChange: (target: string) => void;
  error: unknown;
  autoFocus: boolean | undefined;
  example: string;
}

/** Where it is: read while it is typed, in every way in which people write it. */
function Target({ login, onChange, error, autoFocus, example }: TargetProps) {
  const { t } = useTranslation();
  const { data: hosts = [] } = useSshHosts();
  const settled = useDebounced(login.target, 200);
  const parsed = useTarget(settled);
  const wrong =
    fieldError(error, "target", "host") ??
    (parsed.error && settled.length > 3 ? asUserError(parsed.error).message : undefined);
  const understood =
    parsed.data && settled.trim() !== "" && !parsed.error
      ? [
          parsed.data.user && `${t("login.user")} ${parsed.data.user}`,
          `${t(parsed.data.is_alias ? "login.alias" : "login.host")} ${parsed.data.address}`,
          parsed.data.port && `${t("login.port")} ${parsed.data.port}`,
          parsed.data.jump && t("host.jump", { jump: parsed.data.jump }),
          parsed.data.key_file && t("host.loginKey", { file: parsed.data.key_file }),
        ].filter(Boolean)
      : [];
  const hint =
    understood.length > 0 ? (
      <span className="flex items-center gap-1.5">
        <Dot className="size-2 text-ok" />
        {understood.join(" · ")}
      </span>
    ) : (
      t("login.targetHint")
    );
  return (
    <div>
      <TextField
        label={t("login.target")}
        hint={hint}
        error={wrong}
        mono
        autoFocus={autoFocus}
        value={login.target}
        placeholder={example}
        onChange={onChange}
        large
      />
      {hosts.length > 0 && login.target === "" && (
        <div className="mt-2 flex flex-wrap items-center gap-1.5 text-xs">
          <span className="text-muted">{t("login.known")}</span>
          {hosts.slice(0, 8).map((host) => (
            <button
              key={host.alias}
              type="button"
              title={host.leads_to}
              onClick={() => onChange(host.alias)}
              className="h-6 rounded-full border px-2.5 font-mono hover:border-accent hover:tint-accent pointer-coarse:h-9"
            >
              {host.alias}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
