import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PeerPage, TunnelLive } from "@/api/generated/types";
import { LinkButton } from "@/components/button";
import { Copyable } from "@/components/copy";
import { Facts, Panel } from "@/components/layout";
import { Notice } from "@/components/states";
import { HelpLink } from "@/features/help/help-link";
import { bytes, duration } from "@/lib/format";
import { MtuDialog } from "./mtu-dialog";
import { readRoute } from "./route";
import { RouteDialog } from "./route-dialog";

/** What to type into the machines at home. */
export function AddressesPanel({ page: { row } }: { page: PeerPage }) {
  const { t } = useTranslation();
  const address = (label: string, text: string): [string, React.ReactNode] => [
    label,
    <Copyable key={label} text={text} what={label} className="text-xs" />,
  ];
  const isManual = row.kind === "manual";
  return (
    <Panel title={t("peers.addresses")}>
      <Facts
        facts={[
          address(t("peers.publicIp"), row.public_ip),
          address(t("peers.tunnelIp"), row.tunnel_ip),
          !isManual && address(t("peers.vmNetwork"), row.vm_network),
          !isManual && address(t("peers.gateway"), row.gateway),
          !isManual && address(t("peers.firstVm"), row.first_vm),
          !isManual && [
            t("peers.bridge"),
            <code key="b" className="text-xs">
              {row.gateway_interface}
            </code>,
          ],
        ]}
      />
      {!isManual && (
        <p className="mt-3 border-t pt-3 text-xs text-muted">
          {t("peers.vmHelp", { bridge: row.gateway_interface, gateway: row.gateway, first: row.first_vm })}{" "}
          <HelpLink to="vmNetwork" />
        </p>
      )}
    </Panel>
  );
}

export function TunnelPanel({ page, tunnel }: { page: PeerPage; tunnel: TunnelLive | undefined }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const facts: ([string, React.ReactNode] | false | null)[] = tunnel
    ? [
        [
          t("peers.handshake"),
          tunnel.handshake_age === null
            ? t("common.never")
            : t("peers.ago", { time: duration(tunnel.handshake_age * 1000, locale) }),
        ],
        tunnel.endpoint !== null && [
          t("peers.heardFrom"),
          <Copyable key="e" text={tunnel.endpoint} what={t("peers.heardFrom")} className="text-xs" />,
        ],
        [t("peers.toHome"), bytes(tunnel.sent, locale)],
        [t("peers.fromHome"), bytes(tunnel.received, locale)],
      ]
    : [];
  return (
    <Panel title={t("peers.tunnel")}>
      {tunnel && !tunnel.up && page.row.state === "active" && (
        <Notice
          className="mb-3"
          tone="bad"
          title={tunnel.why}
          hints={[t("peers.downHint", { name: page.row.name })]}
        />
      )}
      <Facts
        facts={[
          ...facts,
          [
            t("peers.interface"),
            <code key="i" className="text-xs">
              {page.tunnel_interface}
            </code>,
          ],
          [t("peers.mtu"), <Mtu key="m" page={page} />],
          page.row.kind !== "manual" && [t("peers.route.label"), <OwnTraffic key="r" page={page} />],
          page.manual_mode && [t("peers.mode"), t(`peers.modes.${page.manual_mode}.title`)],
          [
            t("vps.publicKey"),
            page.public_key ? (
              <Copyable key="k" text={page.public_key} what={t("vps.publicKey")} className="text-xs" />
            ) : (
              t("vps.noKey")
            ),
          ],
        ]}
      />
    </Panel>
  );
}

/** The MTU with where it comes from; measured again, or set by the person. */
function Mtu({ page }: { page: PeerPage }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { mtu, mtu_origin: origin, row } = page;
  return (
    <>
      {mtu} <span className="text-muted">{t(`peers.mtuOf.${origin}`)}</span>{" "}
      <LinkButton aria-label={t("peers.mtuChange")} onClick={() => setOpen(true)}>
        {t("host.loginChange")}
      </LinkButton>
      {open && <MtuDialog peer={row} mtu={mtu} onClose={() => setOpen(false)} />}
    </>
  );
}

/** How the machine sends what it begins itself. */
function OwnTraffic({ page: { row, route } }: { page: PeerPage }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { way, networks } = readRoute(route);
  return (
    <>
      {t(`peers.route.now.${way}`)}
      {way === "listed" && <code className="text-xs"> {networks}</code>}{" "}
      <LinkButton aria-label={t("peers.route.change")} onClick={() => setOpen(true)}>
        {t("host.loginChange")}
      </LinkButton>
      {open && <RouteDialog peer={row.name} route={route} onClose={() => setOpen(false)} />}
    </>
  );
}
