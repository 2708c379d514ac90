import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PeerRow } from "@/api/generated/types";
import { Cards } from "@/components/choice";
import { FormDialog } from "@/components/form-dialog";
import { TextField } from "@/components/text-field";
import { HelpLink } from "@/features/help/help-link";
import { openPlan } from "@/features/plans/plan-dialog";

const LEAST = 1280;
const MOST = 9000;

/** How large the packets of a tunnel may be: measured from home, or a number that the person names. */
export function MtuDialog({ peer, mtu, onClose }: { peer: PeerRow; mtu: number; onClose: () => void }) {
  const { t } = useTranslation();
  const manual = peer.kind === "manual";
  const [way, setWay] = useState<"measure" | "set">(manual ? "set" : "measure");
  const [text, setText] = useState(String(mtu));
  const number = Number(text);
  const fits = /^\d+$/.test(text.trim()) && number >= LEAST && number <= MOST;
  const change = (to: string) => ({ change: "peer_mtu" as const, name: peer.name, mtu: to });
  const title = t("peers.mtuTitle", { name: peer.name });
  const go = () =>
    openPlan({
      title,
      source: { change: change(way === "measure" ? "" : text.trim()) },
      undo: { title, change: change(String(mtu)) },
    });
  return (
    <FormDialog
      width="sm"
      title={title}
      description={t("peers.mtuText")}
      action={t(way === "measure" ? "peers.mtuMeasure" : "peers.mtuSet")}
      disabled={way === "set" && (!fits || number === mtu)}
      unsaved={text !== String(mtu)}
      onClose={onClose}
      onSubmit={go}
    >
      <Cards
        label={t("peers.mtu")}
        value={way}
        onChange={setWay}
        cards={[
          {
            value: "measure",
            title: t("peers.mtuMeasure"),
            text: t(manual ? "peers.mtuManual" : "peers.mtuMeasureText", { name: peer.name }),
            disabled: manual,
          },
          { value: "set", title: t("peers.mtuSet"), text: t("peers.mtuSetText") },
        ]}
      />
      {way === "set" && (
        <TextField
          mono
          autoFocus
          inputMode="numeric"
          label={t("peers.mtuBytes")}
          error={fits ? undefined : t("settings.between", { least: LEAST, most: MOST })}
          value={text}
          onChange={setText}
        />
      )}
      <p className="text-xs">
        <HelpLink to="hang" />
      </p>
    </FormDialog>
  );
}
