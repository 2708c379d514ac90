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
  forwards: ForwardRow[] | undefined;
  onClose: () => void;
}

/** A forward, or one that is to be, beside the list. */
export function ForwardDrawer({ id, peer, forwards, onClose }: DrawerProps) {
  const { t } = useTranslation();
  const forward = forwards?.find((one) => one.id === id);
  const [editing, setEditing] = useState(false);
  if (id === null) return <Adding peer={peer} onClose={onClose} />;
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

function Adding({ peer, onClose }: { peer: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { data: peers } = usePeers();
  const only = peers?.length === 1 ? peers[0]?.name : undefined;
  const [draft, setDraft] = useState(() => emptyDraft(peer ?? only ?? ""));
  const filled = draft.peer === "" && only ? { ...draft, peer: only } : draft;
  return (
    <Drawer
      open
      onClose={onClose}
      title={t("forwards.add")}
      description={t("forwards.addText")}
      unsaved={draft.ports !== "" || draft.label !== ""}
    >
      <ForwardForm
        draft={filled}
        onChange={setDraft}
        own={null}
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
  const before = draftOf(forward);
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
          openPlan({ title: t("forwards.editTitle", { what: name }), source: { change } });
          onClose();
        }}
      />
    </Drawer>
  );
}
