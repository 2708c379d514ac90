import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PeerRow } from "@/api/generated/types";
import { Button } from "@/components/button";
import { Cards } from "@/components/choice";
import { Dialog } from "@/components/dialog";
import { Field } from "@/components/field";
import { Input } from "@/components/input";
import { HelpLink } from "@/features/help/help-link";
import { openPlan } from "@/features/plans/plan-dialog";

const LEAST = 1280;
const MOST = 9000;

/** How large the packets of a tunnel may be: measured from home, or a number that the person names. */
export function MtuDialog({ peer, mtu, onClose }: { peer: PeerRow; mtu: number; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useId();
  const manual = peer.kind === "manual";
  const [way, setWay] = useState<"measure" | "set">(manual ? "set" : "measure");
  const [text, setText] = useState(String(mtu));
  const number = Number(text);
  const fits = /^\d+$/.test(text.trim()) && number >= LEAST && number <= MOST;
  const change = (to: string) => ({ change: "peer_mtu" as const, name: peer.name, mtu: to });
  const title = t("peers.mtuTitle", { name: peer.name });
  const go = () => {
    onClose();
    openPlan({
      title,
      source: { change: change(way === "measure" ? "" : text.trim()) },
      undo: { title, change: change(String(mtu)) },
    });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      <Button
        type="submit"
        form={form}
        variant="primary"
        disabled={way === "set" && (!fits || number === mtu)}
      >
        {t(way === "measure" ? "peers.mtuMeasure" : "peers.mtuSet")}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={t("peers.mtuText")}
      width="sm"
      footer={footer}
      unsaved={text !== String(mtu)}
    >
      <form
        id={form}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
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
          <Field
            label={t("peers.mtuBytes")}
            error={fits ? undefined : t("settings.between", { least: LEAST, most: MOST })}
          >
            {(control) => (
              <Input
                {...control}
                mono
                autoFocus
                inputMode="numeric"
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            )}
          </Field>
        )}
        <p className="text-xs">
          <HelpLink to="hang" />
        </p>
      </form>
    </Dialog>
  );
}
