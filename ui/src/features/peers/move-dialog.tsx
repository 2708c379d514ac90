import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useVps } from "@/api/queries";
import type { PeerRow } from "@/api/generated/types";
import { Cards } from "@/components/choice";
import { FormDialog } from "@/components/form-dialog";
import { ErrorNotice, SkeletonRows } from "@/components/states";
import { movePeer } from "./changes";

/** Gives a peer another public IP of its VPS; its forwards and its egress go along. */
export function MoveDialog({ peer, onClose }: { peer: PeerRow; onClose: () => void }) {
  const { t } = useTranslation();
  const vps = useVps(peer.vps_name);
  const [ip, setIp] = useState(peer.public_ip);
  const cards = (vps.data?.pool ?? []).map((one) => ({
    value: one.address,
    title: one.address,
    text: one.peers.length === 0 ? t("pool.free") : one.peers.slice(0, 5).join(", "),
    disabled: !one.active && one.address !== peer.public_ip,
  }));
  return (
    <FormDialog
      width="sm"
      title={t("peers.moveOf", { name: peer.name })}
      description={t("peers.moveText")}
      action={t("peers.move")}
      disabled={ip === peer.public_ip}
      onClose={onClose}
      onSubmit={() => movePeer(t, peer, ip)}
    >
      {vps.error && <ErrorNotice error={vps.error} onRetry={() => void vps.refetch()} />}
      {vps.isPending && <SkeletonRows rows={3} />}
      {vps.data && <Cards label={t("vpses.publicIp")} value={ip} onChange={setIp} cards={cards} />}
    </FormDialog>
  );
}
