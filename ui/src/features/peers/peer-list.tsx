import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/queries";
import type { PeerRow } from "@/api/generated/types";
import { buttonClass } from "@/components/button";
import { HostTable } from "@/features/hosts/host-table";
import { useNowOf } from "@/features/traffic/rates";
import { peerColumns, peerRows } from "./columns";

/** The peers of one VPS. */
export function PeerList({ peers, vps }: { peers: PeerRow[]; vps: string }) {
  const { t, i18n } = useTranslation();
  const { data: live } = useLive();
  const [sorting, setSorting] = useState({ id: "name", desc: false });
  const rows = useMemo(() => peerRows(t, peers, live), [t, peers, live]);
  const now = useNowOf();
  const columns = useMemo(
    () => peerColumns(t, i18n.language, now).filter((one) => one.id !== "vps"),
    [t, i18n.language, now],
  );
  const add = (
    <Link to="/peers/add" search={{ vps }} className={buttonClass()}>
      <Plus aria-hidden className="size-4" />
      {t("peers.add")}
    </Link>
  );
  return (
    <div className="flex h-full min-h-60 flex-col gap-3">
      <div className="flex justify-end">{add}</div>
      <HostTable
        to="/peers/$name"
        label={t("nav.peers")}
        rows={rows}
        columns={columns}
        sorting={sorting}
        onSort={setSorting}
        nothing={t("peers.emptyText")}
      />
    </div>
  );
}
