import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLive, usePeer } from "@/api/queries";
import type { PeerPage } from "@/api/generated/types";
import { buttonClass } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Facts } from "@/components/layout";
import { peerStand, tunnelsByPeer } from "@/features/hosts/health";
import { Standing } from "@/features/hosts/standing";
import { ClientConfig } from "./client-config";

/** The peer is there: the addresses to use, a manual one's configuration, and the next thing to do. */
export function Done({ name, manual }: { name: string; manual: boolean }) {
  const { t } = useTranslation();
  const { data } = usePeer(name);
  const row = data?.row;
  return (
    <div className="grid w-full gap-4">
      {manual ? (
        <ClientConfig peer={name} />
      ) : (
        row && (
          <div className="rounded-lg border bg-sunken p-3">
            <p className="mb-2">{t("addPeer.done")}</p>
            <Facts
              facts={[
                [t("peers.vmNetwork"), <Copyable key="n" text={row.vm_network} className="text-xs" />],
                [t("peers.gateway"), <Copyable key="g" text={row.gateway} className="text-xs" />],
                [t("peers.firstVm"), <Copyable key="f" text={row.first_vm} className="text-xs" />],
                [t("peers.publicIp"), <Copyable key="p" text={row.public_ip} className="text-xs" />],
                [t("peers.tunnel"), <Tunnel key="t" page={data} />],
              ]}
            />
          </div>
        )
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Link to="/peers/$name" params={{ name }} className={buttonClass()}>
          {t("addPeer.toPeer", { name })}
        </Link>
        <Link to="/forwards" search={{ open: "new", peer: name }} className={buttonClass("primary")}>
          {t("addPeer.next")}
          <ArrowRight aria-hidden className="size-4" />
        </Link>
      </div>
    </div>
  );
}

/** The proof: how the VPS sees the tunnel, from the look that ends every apply. */
function Tunnel({ page }: { page: PeerPage }) {
  const { t } = useTranslation();
  const { data: live } = useLive();
  const stand = peerStand(t, page.row, tunnelsByPeer(live).get(page.row.name) ?? page.tunnel ?? undefined);
  return <Standing stand={stand} />;
}
