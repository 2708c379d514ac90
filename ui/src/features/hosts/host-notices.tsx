import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTrustHost } from "@/api/mutations";
import type { HostPage } from "@/api/generated/types";
import { Button, buttonClass } from "@/components/button";
import { ErrorNotice, Notice } from "@/components/states";
import { toastError } from "@/components/toast";
import { openPlan } from "@/features/plans/plan-dialog";
import { isLocked } from "./health";
import { LookButton } from "./look-button";

/** What is out of order with a host, above everything else of its page. */
export function HostNotices({ host }: { host: HostPage }) {
  const { t } = useTranslation();
  const { live, name } = host;
  if (live?.health === "unreachable") {
    const actions = (
      <>
        {live.error?.code === "host_key_changed" && <TrustAnew name={name} />}
        <LookButton hosts={[name]} />
      </>
    );
    return (
      <div className="mb-4">
        <ErrorNotice
          error={live.error}
          title={t(isLocked(live.error) ? "host.lockedUp" : "host.lastKnown", { name })}
          actions={actions}
        />
      </div>
    );
  }
  if (live?.health === "drift") {
    const actions = (
      <Link to="/hosts/$name/drift" params={{ name }} className={buttonClass()}>
        {t("host.driftSee")}
      </Link>
    );
    return (
      <Notice className="mb-4" tone="warn" title={t("host.driftTitle", { name })} actions={actions}>
        <ul>
          {live.drift.slice(0, 3).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Notice>
    );
  }
  if (live?.health === "changes_waiting") {
    const plan = () => openPlan({ title: t("pending.title"), source: { pending: [name] } });
    return (
      <Notice
        className="mb-4"
        tone="info"
        title={t("host.health.changes_waiting")}
        actions={<Button onClick={plan}>{t("plan.apply")}</Button>}
      />
    );
  }
  return null;
}

export function TrustAnew({ name }: { name: string }) {
  const { t } = useTranslation();
  const trust = useTrustHost();
  return (
    <Button
      busy={trust.isPending}
      onClick={() => trust.mutate({ host: name, fingerprint: null }, { onError: toastError })}
    >
      {t("host.trustAnew")}
    </Button>
  );
}
