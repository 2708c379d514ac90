import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccessView, LoginForm } from "@/api/generated/types";
import { FormDialog } from "@/components/form-dialog";
import { LoginFields } from "@/features/login/login-fields";
import { emptyLogin } from "@/features/login/login";
import { openPlan } from "@/features/plans/plan-dialog";

/** The log-in as it is kept, to be typed anew; secrets are not given back, so they begin empty. */
function loginOf(access: AccessView): LoginForm {
  if (access.kind === "local") return emptyLogin();
  const method: LoginForm["method"] = access.key_file
    ? { method: "key", file: access.key_file }
    : access.password
      ? { method: "password", password: "", install_key: false }
      : { method: access.agent ? "agent" : "default" };
  return {
    ...emptyLogin(),
    target: access.address,
    port: access.port === null ? "" : String(access.port),
    user: access.user ?? "",
    jump: access.jump ?? "",
    method,
  };
}

interface LoginDialogProps {
  host: string;
  access: AccessView;
  onClose: () => void;
}

/** Another address, user, key or password for a host that is in the inventory. */
export function LoginDialog({ host, access, onClose }: LoginDialogProps) {
  const { t } = useTranslation();
  const [before] = useState(() => loginOf(access));
  const [login, setLogin] = useState(before);
  const title = t("host.loginTitle", { name: host });
  return (
    <FormDialog
      shape="drawer"
      title={title}
      description={t("host.loginText")}
      action={t("host.loginDo")}
      disabled={login.target.trim() === ""}
      unsaved={login !== before}
      onClose={onClose}
      onSubmit={() => openPlan({ title, source: { change: { change: "host_login", host, login } } })}
    >
      <LoginFields login={login} onChange={setLogin} error={null} example="root@203.0.113.10" />
    </FormDialog>
  );
}
