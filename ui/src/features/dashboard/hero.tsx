import { useMemo, type ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { Plus, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useJobs, useLive } from "@/api/queries";
import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { Shape, type Tone } from "@/components/status";
import { Ago } from "@/components/time";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { useRunCheck } from "@/features/checks/use-run-check";
import { useRates } from "@/features/traffic/rates";
import { cx } from "@/lib/cx";
import { count, rate } from "@/lib/format";
import { keepLast } from "@/lib/memo";
import { verdict, type Verdict } from "./verdict";

const kept = keepLast<Verdict>();

interface HeroProps {
  vpses: VpsRow[];
  peers: PeerRow[];
  forwards: ForwardRow[];
}

const edge: Record<Tone, string> = {
  ok: "bg-ok",
  warn: "bg-warn",
  bad: "bg-bad",
  info: "bg-info",
  off: "bg-line-strong",
  unknown: "bg-line-strong",
};

/** The answer, legible from across the room, and the figures it rests on. */
export function Hero({ vpses, peers, forwards }: HeroProps) {
  const { t, i18n } = useTranslation();
  const { data: live } = useLive();
  const health = useForwardHealth();
  const found = useMemo(
    () => kept([vpses, peers, forwards, live, health], () => verdict(vpses, peers, forwards, live, health)),
    [vpses, peers, forwards, live, health],
  );
  const rates = useRates();
  const now = peers.map((peer) => rates(peer.name)).filter((one) => one !== null);
  const locale = i18n.language;
  const n = (value: number) => count(value, locale);
  const counts = [
    ["/vpses", "dashboard.vpses", found.vpsesUp, vpses.length, live && found.vpsesUp < vpses.length],
    ["/peers", "dashboard.peers", found.peersUp, found.peersOn, live && found.peersUp < found.peersOn],
    ["/forwards", "dashboard.proved", found.proved, found.on, found.failing > 0],
  ] as const;
  const sum = (pick: "down" | "up") =>
    rate(
      now.reduce((total, one) => total + one[pick], 0),
      locale,
    );
  return (
    <section
      aria-label={t("dashboard.answer")}
      className="relative overflow-hidden rounded-lg border bg-surface"
    >
      <span aria-hidden className={cx("absolute inset-y-0 left-0 w-1", edge[found.tone])} />
      <div className="flex flex-wrap items-center gap-x-6 gap-y-4 px-6 py-6">
        <div className="flex min-w-60 flex-1 items-start gap-4">
          <Shape tone={found.tone} className="mt-2 size-5" />
          <div>
            <p role="status" className="text-2xl font-semibold tracking-tight text-balance">
              {t(`dashboard.verdict.${found.key}`, {
                failing: n(found.failing),
                on: n(found.on),
                count: found.failing,
              })}
            </p>
            <p className="mt-1 text-muted">
              {t(`dashboard.basis.${found.key}`)}
              {found.blind && found.key !== "unknown" && ` ${t("dashboard.blind")}`}
              {found.at !== null && (
                <>
                  {" "}
                  {t("dashboard.looked")} <Ago at={found.at} />
                </>
              )}
            </p>
          </div>
        </div>
        <Buttons />
      </div>
      <ul className="grid grid-cols-2 border-t md:grid-cols-4">
        {counts.map(([to, label, some, all, bad]) => (
          <Figure
            key={to}
            to={to}
            label={t(label)}
            value={n(some)}
            of={n(all)}
            tone={bad ? "bad" : undefined}
          />
        ))}
        <Figure
          label={t("dashboard.now")}
          value={
            now.length === 0 ? (
              <span className="text-sm font-normal text-muted">{t("dashboard.afterNextLook")}</span>
            ) : (
              <span className="flex flex-wrap gap-x-3 text-base">
                <span title={t("traffic.down")}>
                  <span className="text-accent">↓</span> {sum("down")}
                </span>
                <span title={t("traffic.up")}>
                  <span className="text-ok">↑</span> {sum("up")}
                </span>
              </span>
            )
          }
        />
      </ul>
    </section>
  );
}

interface FigureProps {
  label: string;
  value: ReactNode;
  of?: string;
  tone?: Tone | undefined;
  to?: "/vpses" | "/peers" | "/forwards";
}

function Figure({ label, value, of, tone, to }: FigureProps) {
  const body = (
    <>
      <span className="flex items-center gap-1.5 text-xs text-muted">
        {tone && <Shape tone={tone} className="size-2" />}
        {label}
      </span>{" "}
      <span className="text-xl font-semibold">
        {value}
        {of !== undefined && <span className="text-base font-normal text-muted"> / {of}</span>}
      </span>
    </>
  );
  const inner = "flex h-full min-w-0 flex-col gap-0.5 px-6 py-3";
  return (
    <li className="min-w-0 border-line not-first:border-l max-md:odd:border-l-0 max-md:nth-[n+3]:border-t">
      {to ? (
        <Link to={to} className={cx(inner, "-outline-offset-2 hover:bg-hover")}>
          {body}
        </Link>
      ) : (
        <div className={inner}>{body}</div>
      )}
    </li>
  );
}

function Buttons() {
  const { t } = useTranslation();
  const check = useRunCheck();
  const { data: jobs } = useJobs();
  const running = jobs?.some((job) => job.kind === "check" && job.state === "running");
  return (
    <div className="flex flex-wrap gap-2">
      <Link to="/forwards" search={{ open: "new" }} className={buttonClass()}>
        <Plus aria-hidden className="size-4" />
        {t("forwards.add")}
      </Link>
      <Button variant="primary" icon={ShieldCheck} busy={running ?? check.busy} onClick={() => check.run([])}>
        {t("check.checkAll")}
      </Button>
    </div>
  );
}
