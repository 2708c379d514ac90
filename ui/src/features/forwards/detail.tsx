import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Pencil, Power, ShieldCheck, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCheck } from "@/api/mutations";
import { useChecks, useJob, usePeers, useShareText } from "@/api/queries";
import type { ForwardRow } from "@/api/generated/types";
import { asUserError } from "@/api/errors";
import { Button, buttonClass } from "@/components/button";
import { Copyable, CopyButton } from "@/components/copy";
import { Drawer } from "@/components/dialog";
import { Facts } from "@/components/layout";
import { Notice, Skeleton } from "@/components/states";
import { Badge, Status } from "@/components/status";
import { toastError } from "@/components/toast";
import { CheckCard } from "@/features/checks/check-card";
import { DnsName } from "@/features/dns/dns-name";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { ForwardTraffic } from "@/features/traffic/forward-traffic";
import { removeForwards, setForwardsEnabled } from "./changes";
import { Clients } from "./clients";
import { forwardName, portsWord, protocolWord } from "./words";

interface DetailProps {
  forward: ForwardRow;
  onEdit: () => void;
  onClose: () => void;
}

/** One forward: where it opens, who answers, whether it works, and what to give to friends. */
export function Detail({ forward, onEdit, onClose }: DetailProps) {
  const { t } = useTranslation();
  const health = useForwardHealth()(forward);
  const off = forward.state === "off";
  const footer = (
    <>
      <Button
        variant="danger"
        icon={Trash2}
        className="mr-auto"
        onClick={() => removeForwards(t, [forward], onClose)}
      >
        {t("forwards.removeOne")}
      </Button>
      {forward.state !== "suspended" && (
        <Button icon={Power} onClick={() => setForwardsEnabled(t, [forward], off)}>
          {t(off ? "forwards.enable" : "forwards.disable")}
        </Button>
      )}
      <Button icon={Pencil} onClick={onEdit}>
        {t("common.edit")}
      </Button>
    </>
  );
  return (
    <Drawer open onClose={onClose} title={forwardName(t, forward)} footer={footer}>
      <div className="grid gap-5">
        <Status tone={health.tone}>{health.word}</Status>
        {health.conflict && (
          <Notice tone="warn" title={health.detail} hints={[t("forward.conflictHint")]}>
            {t("forward.conflictText")}
          </Notice>
        )}
        <Facts
          facts={[
            [
              t("forwards.publicSide"),
              <Copyable key="p" text={`${forward.public_ip}:${portsWord(t, forward)}`} className="text-xs" />,
            ],
            [t("forwards.protocol"), <Badge key="b">{protocolWord(forward.protocols)}</Badge>],
            [t("forwards.target"), <Target key="t" forward={forward} />],
            [
              t("forwards.peer"),
              <Link
                key="l"
                to="/peers/$name"
                params={{ name: forward.peer_name }}
                className="hover:underline"
              >
                {forward.peer_name}
              </Link>,
            ],
            forward.template ? [t("forwards.template"), forward.template] : null,
          ]}
        />
        <Share forward={forward} />
        <Checked forward={forward} />
        {forward.state === "on" && <Clients forward={forward} />}
        <ForwardTraffic forward={forward} />
      </div>
    </Drawer>
  );
}

function Target({ forward }: { forward: ForwardRow }) {
  const { t } = useTranslation();
  return (
    <>
      <Copyable text={forward.target} className="text-xs" />
      <span className="block text-xs text-muted">
        {t(`forwards.sees.${forward.target_kind}`, { peer: forward.peer_name })}
      </span>
    </>
  );
}

function Share({ forward }: { forward: ForwardRow }) {
  const { t } = useTranslation();
  const share = useShareText(forward.id);
  return (
    <section aria-label={t("forwards.share")} className="rounded-lg border bg-sunken p-3">
      <h3 className="mb-1.5 text-xs text-muted">{t("forwards.share")}</h3>
      {share.isPending && <Skeleton className="h-8" />}
      {share.error && <p className="text-muted">{asUserError(share.error).message}</p>}
      {share.data && (
        <div className="flex flex-wrap items-center gap-2">
          <p className="min-w-0 flex-1 font-mono break-all">{share.data}</p>
          <CopyButton text={share.data} label={t("common.copy")} />
        </div>
      )}
      <DnsName auto address={forward.public_ip} />
    </section>
  );
}

function Checked({ forward }: { forward: ForwardRow }) {
  const { t } = useTranslation();
  const { data: checks = [] } = useChecks();
  const { data: peers = [] } = usePeers();
  const check = useCheck();
  const [job, setJob] = useState("");
  const running = useJob(job).job?.state === "running";
  const own = checks.filter((one) => one.forward === forward.id);
  const host = peers.find((peer) => peer.id === forward.peer)?.host;
  const failed = own.some((one) => one.check.outcome.kind === "fails");
  const run = () =>
    check.mutate([forward.id], {
      onSuccess: setJob,
      onError: toastError,
    });
  return (
    <section aria-label={t("check.check")} className="grid gap-3">
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-semibold">{t("forwards.doesItWork")}</h3>
        <Button size="sm" icon={ShieldCheck} busy={running || check.isPending} onClick={run}>
          {t(own.length > 0 ? "check.again" : "check.check")}
        </Button>
      </div>
      {running && (
        <p role="status" className="text-muted">
          {t("check.running")}
        </p>
      )}
      {own.length === 0 && !running && <p className="text-muted">{t("forwards.neverChecked")}</p>}
      {own.map(({ at, check: found }) => (
        <CheckCard key={found.title} check={found} at={at} />
      ))}
      {failed && host && (
        <Link to="/terminal" search={{ host }} className={buttonClass()}>
          {t("check.terminalOn", { name: host })}
        </Link>
      )}
    </section>
  );
}
