import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Boxes, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useProxmoxes } from "@/api/queries";
import { Button } from "@/components/button";
import { Panel } from "@/components/layout";
import { Empty, ErrorNotice, SkeletonRows } from "@/components/states";
import { Page } from "@/frame/page";
import { emptySignIn, SignInDialog, type SignInDraft } from "./sign-in-dialog";

/** The Proxmox hosts that are signed in to. */
export function ProxmoxesPage() {
  const { t } = useTranslation();
  const hosts = useProxmoxes();
  const [adding, setAdding] = useState<SignInDraft | null>(null);
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setAdding(emptySignIn)}>
      {t("proxmox.signIn")}
    </Button>
  );
  const none = hosts.data?.length === 0;
  return (
    <Page title={t("nav.proxmox")} trail={[{ label: t("nav.proxmox") }]} actions={!none && add}>
      {hosts.error && (
        <ErrorNotice error={hosts.error} title={t("proxmox.failed")} onRetry={() => void hosts.refetch()} />
      )}
      {hosts.isPending && <SkeletonRows rows={3} />}
      {none && (
        <Panel>
          <Empty icon={Boxes} title={t("proxmox.emptyTitle")} text={t("proxmox.emptyText")}>
            {add}
          </Empty>
        </Panel>
      )}
      <ul className="grid gap-3 lg:grid-cols-2">
        {(hosts.data ?? []).map((host) => (
          <li key={host.name}>
            <Link
              to="/proxmox/$name"
              params={{ name: host.name }}
              className="grid gap-1 rounded-lg border bg-surface p-4 hover:border-line-strong"
            >
              <span className="font-semibold">{host.name}</span>
              <span className="font-mono text-xs text-muted">{host.endpoint}</span>
              <span className="text-muted">
                {t("proxmox.asWho", { who: host.who, version: host.version })}
                {" · "}
                {t("proxmox.attachedCount", { count: host.attached })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {adding && <SignInDialog draft={adding} onClose={() => setAdding(null)} onBack={setAdding} />}
    </Page>
  );
}
