import { useCallback, useEffect, useMemo, useRef, useState, type ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { ForwardRow, PeerRow, VpsRow } from "@/api/generated/types";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { useLive } from "@/api/queries";
import { tunnelsByPeer } from "@/features/hosts/health";
import { useRates } from "@/features/traffic/rates";
import { keepLast } from "@/lib/memo";
import { pointed } from "./forward-button";
import { FrontCard } from "./front-card";
import { HomeCard } from "./home-card";
import { JoinForm } from "./join-form";
import { picture, type Machine, type Picture } from "./layout";
import { Links, useSockets, type Link } from "./links";
import { useJoin, type Joined } from "./use-join";

const kept = keepLast<Picture>();

interface VisualProps {
  vpses: VpsRow[];
  peers: PeerRow[];
  forwards: ForwardRow[];
  onOpen: (forward: ForwardRow) => void;
  /** Narrows the table to a machine, where the picture has no line for each forward. */
  onNarrow: (peer: string) => void;
  /** A port that is free is to be opened on this public IP. */
  onFree: (address: string) => void;
}

/** Public IPs on the left, machines at home on the right, forwards as links between. */
export function Visual({ vpses, peers, forwards, onOpen, onNarrow, onFree }: VisualProps) {
  const { t } = useTranslation();
  const board = useRef<HTMLDivElement>(null);
  const scene = useMemo(
    () => kept([vpses, peers, forwards], () => picture(vpses, peers, forwards)),
    [vpses, peers, forwards],
  );
  const health = useForwardHealth();
  const { data: live } = useLive();
  const tunnels = useMemo(() => tunnelsByPeer(live), [live]);
  const rate = useRates();
  // Who comes back points at nothing.
  useEffect(() => () => pointed.set(null), []);
  const [joined, setJoined] = useState<Joined | null>(null);
  const machines = useMemo(
    () =>
      new Map(
        scene.homes.flatMap((home) =>
          home.machines.map((machine): [string, Machine] => [machine.key, machine]),
        ),
      ),
    [scene],
  );
  const onJoin = useCallback((next: Joined) => setJoined(next), []);
  const { picked, handle, target, loose } = useJoin(board, onJoin);
  const links: Link[] = scene.grouped
    ? [...machines.values()]
        .filter((machine) => machine.forwards.length > 0)
        .map((machine) => ({
          id: machine.key,
          from: `front-${machine.peer.public_ip}`,
          to: `home-${machine.key}`,
          tone: "unknown",
          width: 1 + Math.min(4, Math.log2(machine.forwards.length + 1) / 1.5),
        }))
    : [...machines.values()]
        .flatMap((machine) => machine.forwards)
        .map((forward) => ({
          id: forward.id,
          from: `f-${forward.id}`,
          to: `m-${forward.id}`,
          tone: health(forward).tone,
          width: thickness(rate(forward.peer_name)),
        }));
  const pickedMachine = picked?.side === "home" ? machines.get(picked.key) : undefined;
  const wanted = picked?.side === "front" ? picked.address : pickedMachine?.peer.public_ip;
  const machineOfJoined = joined ? machines.get(joined.key) : undefined;
  const shared = {
    onOpen,
    onNarrow,
    onFree,
    handle,
    target,
    grouped: scene.grouped,
    health,
  };
  return (
    <>
      <p role="status" className="mb-2 min-h-5 text-xs text-muted">
        {picked
          ? picked.side === "front"
            ? t("visual.pickMachine", { address: picked.address })
            : t("visual.pickFront", { address: wanted ?? "", peer: pickedMachine?.peer.name ?? "" })
          : t("visual.help")}
      </p>
      <div className="min-h-0 flex-1 overflow-auto">
        <div
          ref={board}
          className="relative mx-auto grid max-w-300 min-w-160 grid-cols-[minmax(15rem,20rem)_minmax(6rem,1fr)_minmax(18rem,26rem)] pb-4"
        >
          <Wires scene={scene} links={links} loose={loose} />
          <section aria-label={t("visual.fronts")} className="grid content-start gap-3">
            {scene.fronts.map((front) => (
              <FrontCard
                key={front.address}
                front={front}
                dimmed={picked !== null && wanted !== front.address}
                {...shared}
              />
            ))}
          </section>
          <div />
          <section aria-label={t("visual.homes")} className="grid content-start gap-3">
            {scene.homes.map((home) => (
              <HomeCard
                key={home.peer.id}
                home={home}
                tunnel={tunnels.get(home.peer.name)}
                dimmed={picked !== null && wanted !== home.peer.public_ip}
                {...shared}
              />
            ))}
            {scene.left > 0 && (
              <p className="px-1 text-xs text-muted">{t("visual.left", { count: scene.left })}</p>
            )}
          </section>
        </div>
      </div>
      {joined && machineOfJoined && (
        <JoinForm joined={joined} machine={machineOfJoined} onClose={() => setJoined(null)} />
      )}
    </>
  );
}

interface WiresProps extends Omit<ComponentProps<typeof Links>, "places" | "ref" | "lit"> {
  scene: Picture;
}

/** The links, where their ends turn out to be. They are measured here, so that no card is drawn again for it. */
function Wires({ scene, ...rest }: WiresProps) {
  const own = useRef<SVGSVGElement>(null);
  const places = useSockets(own, scene);
  const lit = pointed.use();
  return <Links ref={own} places={places} lit={lit} {...rest} />;
}

/** 1.5 px for a silent tunnel, 5 px from about 100 Mbit/s on. */
function thickness(rate: { down: number; up: number } | null): number {
  if (!rate) return 1.75;
  const bits = (rate.down + rate.up) * 8;
  return 1.5 + Math.min(3.5, Math.max(0, Math.log10(bits / 1e5 + 1) * 1.2));
}
