import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VpsPage } from "@/api/generated/types";
import { Button } from "@/components/button";
import { HelpLink } from "@/features/help/help-link";
import { rollBack } from "@/features/hosts/changes";
import { useHostDialogs } from "@/features/hosts/host-actions";
import { TrustAnew } from "@/features/hosts/host-notices";
import { LoginDialog } from "@/features/hosts/login-dialog";
import { Row, Rows } from "@/features/settings/rows";

/** What can be changed of a VPS as a whole, with what it means. */
export function VpsSettings({ page }: { page: VpsPage }) {
  const { t } = useTranslation();
  const [loggingIn, setLoggingIn] = useState(false);
  const { name } = page.row;
  const { rename, remove, dialogs } = useHostDialogs({ kind: "vps", name });
  const { access, live } = page.host;
  return (
    <div className="mx-auto grid max-w-200 gap-4">
      <Rows>
        <Row title={t("vpses.name")} text={t("vps.nameText")}>
          <Button onClick={rename}>{t("vps.rename")}</Button>
        </Row>
        {access.kind === "ssh" && (
          <Row title={t("host.login")} text={access.short}>
            <Button onClick={() => setLoggingIn(true)}>{t("host.loginEdit")}</Button>
          </Row>
        )}
        {access.kind === "ssh" && (
          <Row
            title={t("host.key")}
            text={
              <>
                {t("host.keyText")} <HelpLink to="hostKey" />
              </>
            }
          >
            <TrustAnew name={name} />
          </Row>
        )}
        <Row
          title={t("host.generation")}
          text={
            <>
              {t("host.rollbackText", { generation: live?.generation ?? page.host.applied })}{" "}
              <HelpLink to="back" />
            </>
          }
        >
          <Button onClick={() => rollBack(t("host.rollback"), name)}>{t("host.rollback")}</Button>
        </Row>
      </Rows>
      <Rows>
        <Row title={t("vps.remove")} text={t("remove.vpsText")}>
          <Button variant="danger" onClick={remove}>
            {t("remove.title", { what: name })}
          </Button>
        </Row>
      </Rows>
      {loggingIn && <LoginDialog host={name} access={access} onClose={() => setLoggingIn(false)} />}
      {dialogs}
    </div>
  );
}
