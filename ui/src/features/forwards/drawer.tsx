import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeers } from "@/api/queries";
import type { ForwardRow } from "@/api/generated/types";
import { Drawer } from "@/components/dialog";
import { Notice, SkeletonRows } from "@/components/states";
import { openPlan } from "@/features/plans/plan-dialog";
import { Detail } from "./detail";
import { ForwardForm } from "./form";
import { draftOf, emptyDraft, forwardName } from "./words";

interface DrawerProps {
  /** The forward; none for a new one. */
  id: string | null;
  /** The peer of a new one, if it is known. */
  peer: string | undefined;
  /** The public IP of a new one, if that is known: peers that have it are offered. */
  on: string | undefined;
  forwards: ForwardRow[] | undefined;
  onClose: () => void;
}

/** A forward, or one that is to be, beside the list. */
export function ForwardDrawer({ id, peer, on, forwards, onClose }: DrawerProps) {
  const { t } = useTranslation();
  const forward = forwards?.find((one) => one.id === id);
  const [editing, setEditing] = useState(false);
  if (id === null) return <Adding peer={peer} on={on} onClose={onClose} />;
  if (!forwards) {
    return (
      <Drawer open onClose={onClose} title={t("common.loading")}>
        <SkeletonRows rows={5} />
      </Drawer>
    );
  }
  if (!forward) {
    return (
      <Drawer open onClose={onClose} title={t("frame.notFound")}>
        <Notice tone="unknown" title={t("forwards.gone")} />
      </Drawer>
    );
  }
  return editing ? (
    <Editing forward={forward} onClose={() => setEditing(false)} />
  ) : (
    <Detail forward={forward} onEdit={() => setEditing(true)} onClose={onClose} />
  );
}

function Adding({ peer, on, onClose }: Pick<DrawerProps, "peer" | "on" | "onClose">) {
  const { t } = useTranslation();
  const { data: peers } = usePeers();
  const fit = on ? peers?.filter((one) => one.public_ip === on) : peers;
  const only = fit?.length === 1 ? fit[0]?.name : undefined;
  const [draft, setDraft] = useState(() => emptyDraft(peer ?? only ?? ""));
  const filled = draft.peer === "" && only ? { ...draft, peer: only } : draft;
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("forwards.add")}
      description={on ? t("forwards.addOn", { address: on }) : t("forwards.addText")}
      unsaved={draft.ports !== "" || draft.label !== ""}
    >
      <ForwardForm
        draft={filled}
        onChange={setDraft}
        own={null}
        on={on}
        onCancel={onClose}
        onSubmit={(change) => {
          openPlan({ title: t("forwards.add"), source: { change } });
          onClose();
        }}
      />
    </Drawer>
  );
}

function Editing({ forward, onClose }: { forward: ForwardRow; onClose: () => void }) {
  const { t } = useTranslation();
  // As it was when this began; the list may have it changed already.
  const [before] = useState(() => draftOf(forward));
  const [draft, setDraft] = useState(before);
  const name = forwardName(t, forward);
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("forwards.editTitle", { what: name })}
      unsaved={JSON.stringify(draft) !== JSON.stringify(before)}
    >
      <ForwardForm
        draft={draft}
        onChange={setDraft}
        own={forward.id}
        onCancel={onClose}
        onSubmit={(change) => {
          const title = t("forwards.editTitle", { what: name });
          openPlan({
            title,
            source: { change },
            undo: { title, change: { change: "forward_edit", id: forward.id, draft: before } },
          });
          onClose();
        }}
      />
    </Drawer>
  );
}
