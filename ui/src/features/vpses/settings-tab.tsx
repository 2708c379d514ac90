import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { VpsPage } from "@/api/generated/types";
import { Button } from "@/components/button";
import { HelpLink } from "@/features/help/help-link";
import { TrustAnew } from "@/features/hosts/host-notices";
import { LoginDialog } from "@/features/hosts/login-dialog";
import { RemoveDialog } from "@/features/hosts/remove-dialog";
import { RenameDialog } from "@/features/hosts/rename-dialog";
import { openPlan } from "@/features/plans/plan-dialog";
import { Row, Rows } from "@/features/settings/rows";

type Open = "rename" | "login" | "remove" | null;

/** What can be changed of a VPS as a whole, with what it means. */
export function VpsSettings({ page }: { page: VpsPage }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { name } = page.row;
  const { access, live } = page.host;
  const rollback = () =>
    openPlan({
      title: t("host.rollback"),
      source: { change: { change: "host_rollback", host: name, generation: null } },
    });
  return (
    <div className="mx-auto grid max-w-200 gap-4">
      <Rows>
        <Row title={t("vpses.name")} text={t("vps.nameText")}>
          <Button onClick={() => setOpen("rename")}>{t("vps.rename")}</Button>
        </Row>
        {access.kind === "ssh" && (
          <Row title={t("host.login")} text={access.short}>
            <Button onClick={() => setOpen("login")}>{t("host.loginEdit")}</Button>
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
          <Button onClick={rollback}>{t("host.rollback")}</Button>
        </Row>
      </Rows>
      <Rows>
        <Row title={t("vps.remove")} text={t("remove.vpsText")}>
          <Button variant="danger" onClick={() => setOpen("remove")}>
            {t("remove.title", { what: name })}
          </Button>
        </Row>
      </Rows>
      {open === "rename" && (
        <RenameDialog
          kind="vps"
          name={name}
          onClose={close}
          onRenamed={(next) =>
            void navigate({ to: "/vpses/$name", params: { name: next }, search: { tab: "settings" } })
          }
        />
      )}
      {open === "login" && <LoginDialog host={name} access={access} onClose={close} />}
      {open === "remove" && (
        <RemoveDialog
          kind="vps"
          names={[name]}
          onClose={close}
          onRemoved={() => void navigate({ to: "/vpses" })}
        />
      )}
    </div>
  );
}
