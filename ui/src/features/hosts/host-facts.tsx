import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccessView, HostPage } from "@/api/generated/types";
import { LinkButton } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Facts, Panel } from "@/components/layout";
import { Ago } from "@/components/time";
import { LoginDialog } from "./login-dialog";
import { uptime } from "./uptime";

/** What a machine is and how it is reached. */
export function HostPanel({ host }: { host: HostPage }) {
  const { t } = useTranslation();
  const { facts, live } = host;
  const generations = t("host.generationOf", { live: live?.generation ?? "–", applied: host.applied });
  return (
    <Panel
      title={t("host.system")}
      aside={
        facts && (
          <>
            {t("host.seen")} <Ago at={facts.at} />
          </>
        )
      }
    >
      <Facts
        facts={[
          [t("host.system"), facts?.system ?? t("common.unknown")],
          facts && [
            t("host.kernel"),
            <span key="k" className="font-mono text-xs">
              {facts.kernel} {facts.machine}
            </span>,
          ],
          facts?.container ? [t("host.container"), facts.container] : null,
          [t("host.uptime"), uptime(t, live?.uptime)],
          [t("host.reachedAt"), <Access key="a" access={host.access} />],
          host.access.kind === "ssh" && [t("host.login"), <ChangeLogin key="l" host={host} />],
          facts && facts.sshd_ports.length > 0
            ? [
                t("host.sshd"),
                <code key="s" className="text-xs">
                  {facts.sshd_ports.join(", ")}
                </code>,
              ]
            : null,
          [t("host.generation"), generations],
          facts && [
            t("host.wireguard"),
            t(facts.kernel_wireguard ? "host.wireguardKernel" : "host.wireguardUser"),
          ],
          facts && facts.firewalls.length > 0
            ? [
                t("host.firewalls"),
                <ul key="f">
                  {facts.firewalls.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>,
              ]
            : null,
          facts && facts.packages.length > 0
            ? [
                t("host.packages"),
                <span key="p" className="font-mono text-xs">
                  {facts.packages.join(" ")}
                </span>,
              ]
            : null,
        ]}
      />
    </Panel>
  );
}

function ChangeLogin({ host }: { host: HostPage }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <LinkButton onClick={() => setOpen(true)}>{t("host.loginChange")}</LinkButton>
      {open && <LoginDialog host={host.name} access={host.access} onClose={() => setOpen(false)} />}
    </>
  );
}

function Access({ access }: { access: AccessView }) {
  const { t } = useTranslation();
  if (access.kind === "local") return t("host.reachedLocal");
  const login = access.key_file
    ? t("host.loginKey", { file: access.key_file })
    : access.agent
      ? t("host.loginAgent")
      : access.password
        ? t("host.loginPassword")
        : t("host.loginDefault");
  const way = access.through_tunnel
    ? t("host.throughTunnel")
    : access.jump
      ? t("host.jump", { jump: access.jump })
      : null;
  return (
    <>
      <Copyable text={access.short} what={t("host.reachedAt")} className="text-xs" />
      <span className="block text-xs break-all text-muted">
        {login}
        {way && `, ${way}`}
      </span>
    </>
  );
}

export function InterfacesPanel({ host }: { host: HostPage }) {
  const { t } = useTranslation();
  if (!host.facts) return null;
  return (
    <Panel title={t("host.interfaces")}>
      <ul className="grid gap-2">
        {host.facts.interfaces.map((one) => (
          <li key={one.name} className="flex flex-wrap items-baseline gap-x-3">
            <span className="w-20 font-mono text-xs">{one.name}</span>
            <span className="min-w-0 flex-1 font-mono text-xs break-all text-muted">
              {one.addresses.length === 0 && "–"}
              {one.addresses.map((address) => (
                <span key={address} className="mr-2 inline-block">
                  {address}
                </span>
              ))}
            </span>
            <span className="text-xs text-muted">
              {one.kind} {one.mtu}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
