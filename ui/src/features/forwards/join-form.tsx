import { Popover } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/button";
import { Notice } from "@/components/states";
import { movePeer } from "@/features/peers/changes";
import { openPlan } from "@/features/plans/plan-dialog";
import { ForwardForm } from "./form";
import type { Machine } from "./layout";
import type { Joined } from "./use-join";
import { emptyDraft } from "./words";

interface JoinFormProps {
  joined: Joined;
  machine: Machine;
  onClose: () => void;
}

/** The small form at the drop point. A peer's forwards open on its own public IP; another one means that it moves. */
export function JoinForm({ joined, machine, onClose }: JoinFormProps) {
  const { t } = useTranslation();
  const { peer } = machine;
  const [draft, setDraft] = useState({
    ...emptyDraft(peer.name),
    to: machine.kind === "peer" ? "peer" : machine.address,
  });
  const fits = joined.address === peer.public_ip;
  const move = () => {
    onClose();
    movePeer(t, peer, joined.address);
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor className="fixed size-0" style={{ left: joined.at.x, top: joined.at.y }} />
      <Popover.Portal>
        <Popover.Content
          aria-label={t("forwards.add")}
          collisionPadding={12}
          sideOffset={8}
          onInteractOutside={(event) => (draft.ports || draft.label) && event.preventDefault()}
          className="z-40 w-96 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-lg border border-line-strong bg-raised p-4 shadow-float appear max-h-(--radix-popover-content-available-height)"
        >
          {fits ? (
            <ForwardForm
              compact
              draft={draft}
              onChange={setDraft}
              own={null}
              onCancel={onClose}
              onSubmit={(change) => {
                onClose();
                openPlan({ title: t("forwards.add"), source: { change } });
              }}
            />
          ) : (
            <Notice
              tone="info"
              title={t("visual.otherIp", { peer: peer.name, own: peer.public_ip, address: joined.address })}
              actions={
                <>
                  <Button onClick={onClose}>{t("common.cancel")}</Button>
                  <Button variant="primary" onClick={move}>
                    {t("visual.movePeer", { peer: peer.name })}
                  </Button>
                </>
              }
            >
              {t("visual.otherIpText")}
            </Notice>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
