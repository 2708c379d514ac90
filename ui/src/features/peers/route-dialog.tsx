import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Change } from "@/api/generated/types";
import { FormDialog } from "@/components/form-dialog";
import { HelpLink } from "@/features/help/help-link";
import { openPlan } from "@/features/plans/plan-dialog";
import { RouteChoice } from "./route-choice";
import { isWhole, readRoute, writeRoute } from "./route";

interface RouteDialogProps {
  peer: string;
  /** As it is now. */
  route: string;
  onClose: () => void;
}

/** Changes what of a machine's own traffic goes through its tunnel. */
export function RouteDialog({ peer, route: before, onClose }: RouteDialogProps) {
  const { t } = useTranslation();
  const [route, setRoute] = useState(() => readRoute(before));
  const text = writeRoute(route);
  const title = t("peers.route.title", { name: peer });
  const change = (to: string): Change => ({ change: "peer_route", name: peer, route: to });
  const go = () =>
    openPlan({ title, source: { change: change(text) }, undo: { title, change: change(before) } });
  return (
    <FormDialog
      title={title}
      description={t("peers.route.text")}
      action={t("peers.route.set")}
      disabled={!isWhole(route) || text === before}
      unsaved={text !== before}
      onClose={onClose}
      onSubmit={go}
    >
      <RouteChoice route={route} onChange={setRoute} />
      <p className="text-xs text-muted">
        {t("peers.route.anew")} <HelpLink to="ownTraffic" />
      </p>
    </FormDialog>
  );
}
