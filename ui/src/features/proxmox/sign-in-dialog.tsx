import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change, ProxmoxSignInForm } from "@/api/generated/types";
import { Checkbox, Segments } from "@/components/choice";
import { FormDialog } from "@/components/form-dialog";
import { TextField } from "@/components/text-field";
import { openPlan } from "@/features/plans/plan-dialog";
import { suggestName } from "@/features/login/login";

/** What was typed, but for the secret. */
export interface SignInDraft {
  url: string;
  name: string | null;
  way: "password" | "token";
  user: string;
  makeToken: boolean;
}

export const emptySignIn: SignInDraft = {
  url: "",
  name: null,
  way: "password",
  user: "root@pam",
  makeToken: true,
};

interface SignInProps {
  /** A host that is known already, to be signed in to anew. */
  host?: string;
  draft: SignInDraft;
  onClose: () => void;
  /** Signing in failed, and the person wants to correct what was typed. */
  onBack: (draft: SignInDraft) => void;
}

/** Signs in to a Proxmox host, by a password or a token. */
export function SignInDialog({ host, draft, onClose, onBack }: SignInProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(draft);
  const [secret, setSecret] = useState("");
  const set = (change: Partial<SignInDraft>) => setTyped({ ...typed, ...change });
  const { url, way, user, makeToken } = typed;
  const name = typed.name ?? (suggestName(hostOf(url)) || "proxmox");
  const title = host ? t("proxmox.signInAnewTitle", { name: host }) : t("proxmox.signInTitle");
  const sign_in: ProxmoxSignInForm =
    way === "token"
      ? { with: "token", token: secret.trim() }
      : { with: "password", user, password: secret, make_token: makeToken };
  const change: Change = host
    ? { change: "proxmox_login", name: host, sign_in }
    : { change: "proxmox_add", name, url, sign_in };
  const complete = secret !== "" && (host !== undefined || url.trim() !== "");
  return (
    <FormDialog
      title={title}
      description={t("proxmox.signInText")}
      action={t("proxmox.signIn")}
      disabled={!complete}
      unsaved={url !== "" || secret !== ""}
      onClose={onClose}
      onSubmit={() => openPlan({ title, source: { change }, back: () => onBack(typed) })}
    >
      {!host && (
        <div className="grid gap-4 sm:grid-cols-[2fr_1fr]">
          <TextField
            autoFocus
            mono
            label={t("proxmox.url")}
            hint={t("proxmox.urlHint")}
            value={url}
            placeholder="https://192.168.1.10:8006"
            onChange={(next) => set({ url: next })}
          />
          <TextField label={t("vpses.name")} value={name} onChange={(next) => set({ name: next })} />
        </div>
      )}
      <div>
        <p className="mb-1 font-medium">{t("login.with")}</p>
        <Segments
          label={t("login.with")}
          value={way}
          onChange={(next) => {
            set({ way: next });
            setSecret("");
          }}
          segments={[
            { value: "password", label: t("login.method.password") },
            { value: "token", label: t("proxmox.token") },
          ]}
        />
      </div>
      {way === "token" ? (
        <TextField
          secret
          mono
          label={t("proxmox.token")}
          hint={t("proxmox.tokenHint", { example: "user@realm!name=secret" })}
          value={secret}
          onChange={setSecret}
        />
      ) : (
        <>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              mono
              label={t("proxmox.user")}
              hint={t("proxmox.userHint")}
              value={user}
              onChange={(next) => set({ user: next })}
            />
            <TextField
              secret
              label={t("login.method.password")}
              hint={t("proxmox.codeHint")}
              value={secret}
              onChange={setSecret}
            />
          </div>
          <Checkbox
            checked={makeToken}
            onChange={(next) => set({ makeToken: next })}
            label={t("proxmox.makeToken")}
            hint={t("proxmox.makeTokenHint")}
          />
        </>
      )}
    </FormDialog>
  );
}

/** The host of what was pasted so far. */
const hostOf = (url: string): string =>
  url
    .trim()
    .replace(/^https?:\/\//, "")
    .split(/[/:]/)[0] ?? "";
