import { useTranslation } from "react-i18next";
import type { VpsPage } from "@/api/generated/types";
import { Copyable } from "@/components/copy";
import { Facts, Panel } from "@/components/layout";

export function TunnelPanel({ page }: { page: VpsPage }) {
  const { t } = useTranslation();
  const { row } = page;
  return (
    <Panel title="WireGuard">
      <Facts
        facts={[
          [
            t("vps.endpoint"),
            <Copyable
              key="e"
              text={`${row.endpoint}:${row.listen_port}`}
              what={t("vps.endpoint")}
              className="text-xs"
            />,
          ],
          [
            t("vps.tunnelNetwork"),
            <Copyable key="n" text={row.tunnel_network} what={t("vps.tunnelNetwork")} className="text-xs" />,
          ],
          [
            t("vps.publicKey"),
            page.public_key ? (
              <Copyable key="k" text={page.public_key} what={t("vps.publicKey")} className="text-xs" />
            ) : (
              t("vps.noKey")
            ),
          ],
        ]}
      />
    </Panel>
  );
}
