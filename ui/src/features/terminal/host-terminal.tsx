import { useEffect, useMemo, useRef } from "react";
import { Link } from "@tanstack/react-router";
import { Maximize2, SquareTerminal } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSettings } from "@/api/queries";
import type { TerminalSettings } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Empty, Skeleton } from "@/components/states";
import { Asking } from "./asking";
import { Pane } from "./pane";
import { openTab, sessionsOf, terminals } from "./store";
import "@xterm/xterm/css/xterm.css";

/** A shell on one host within its page. It is the same one that the terminal page shows in a tab. */
export default function HostTerminal({ host }: { host: string }) {
  const { data } = useSettings();
  if (!data) return <Skeleton className="h-80" />;
  return <Shell host={host} settings={data.terminal} />;
}

function Shell({ host, settings }: { host: string; settings: TerminalSettings }) {
  const { t } = useTranslation();
  const { tabs } = terminals.use();
  const latest = useRef(settings);
  useEffect(() => {
    latest.current = settings;
  }, [settings]);
  const current = useMemo(() => () => latest.current, []);
  const tab = tabs.find((one) => sessionsOf(one).some((session) => session.host === host));
  const session = tab && sessionsOf(tab).find((one) => one.host === host);
  if (!tab || !session) {
    return (
      <Empty icon={SquareTerminal} title={t("terminal.of", { host })} text={t("terminal.emptyText")}>
        <Button variant="primary" onClick={() => openTab(host, current)}>
          {t("palette.terminalOn", { name: host })}
        </Button>
      </Empty>
    );
  }
  return (
    <div className="flex h-full min-h-80 flex-col gap-2">
      <div className="grid min-h-0 flex-1 overflow-hidden rounded-lg border">
        <Pane key={session.key} tab={tab} session={session} lone />
      </div>
      <Link to="/terminal" search={{ host }} className={`${buttonClass("ghost", "sm")} self-end`}>
        <Maximize2 aria-hidden className="size-4" strokeWidth={1.75} />
        {t("terminal.whole")}
      </Link>
      <Asking />
    </div>
  );
}
