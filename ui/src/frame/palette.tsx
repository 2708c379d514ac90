import { useMemo, useState, type ReactNode } from "react";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import {
  Cable,
  House,
  ListChecks,
  Moon,
  Plus,
  Radar,
  Server,
  ShieldCheck,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useCheck, useLook } from "@/api/mutations";
import { useForwards, usePeers, usePending, useVpses } from "@/api/queries";
import { Kbd } from "@/components/kbd";
import { useDark } from "./appearance";
import { nav } from "./nav";
import { matches, type Entry } from "./palette-match";

/** Most objects of a kind that are shown at once. */
const MOST = 8;

interface Act extends Entry {
  icon: LucideIcon;
  detail?: string;
  shortcut?: string;
  run: () => void;
}

/** Every page, action and object by its name. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const actions = useActions();
  const pages = usePages();
  const objects = useObjects();
  const groups = useMemo(
    () =>
      [
        { key: "actions", label: t("palette.actions"), found: matches(actions, text, 20) },
        { key: "pages", label: t("palette.pages"), found: matches(pages, text, 20) },
        ...(text.trim() === ""
          ? []
          : objects.map(({ key, label, all }) => ({ key, label, found: matches(all, text, MOST) }))),
      ].filter((group) => group.found.length > 0),
    [t, actions, pages, objects, text],
  );
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-shade/50 appear" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-150 -translate-x-1/2 overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float"
        >
          <Radix.Title className="sr-only">{t("palette.label")}</Radix.Title>
          <Command shouldFilter={false} label={t("palette.label")} loop>
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder={t("palette.placeholder")}
              className="h-11 w-full border-b bg-transparent px-4 text-base placeholder:text-muted focus:outline-none"
            />
            <Command.List className="max-h-[min(26rem,60vh)] overflow-y-auto p-1">
              <Command.Empty className="px-3 py-6 text-center text-muted">
                {t("palette.nothing")}
              </Command.Empty>
              {groups.map((group) => (
                <Command.Group
                  key={group.key}
                  heading={group.label}
                  className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
                >
                  {group.found.map((one) => (
                    <Row
                      key={one.id}
                      act={one}
                      onSelect={() => {
                        onClose();
                        one.run();
                      }}
                    />
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Row({ act, onSelect }: { act: Act; onSelect: () => void }): ReactNode {
  return (
    <Command.Item
      value={act.id}
      onSelect={onSelect}
      className="flex h-9 items-center gap-2.5 rounded-md px-3 data-[selected=true]:tint-accent"
    >
      <act.icon aria-hidden className="size-4 shrink-0 text-muted" strokeWidth={1.75} />
      <span className="truncate">{act.name}</span>
      {act.detail && <span className="truncate font-mono text-xs text-muted">{act.detail}</span>}
      {act.shortcut && (
        <span className="ml-auto">
          <Kbd keys={act.shortcut} />
        </span>
      )}
    </Command.Item>
  );
}

function usePages(): Act[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return useMemo(
    () =>
      [...nav.top, ...nav.low].map((entry) => ({
        id: `page-${entry.key}`,
        name: t(`nav.${entry.key}`),
        icon: entry.icon,
        shortcut: `G ${entry.letter.toUpperCase()}`,
        run: () => void navigate({ to: entry.to }),
      })),
    [t, navigate],
  );
}

function useActions(): Act[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: pending } = usePending();
  const { mutate: check } = useCheck();
  const { mutate: look } = useLook();
  const { dark, toggle } = useDark();
  return [
    {
      id: "add-forward",
      name: t("forwards.add"),
      icon: Plus,
      run: () => void navigate({ to: "/forwards", search: { open: "new" } }),
    },
    { id: "add-peer", name: t("peers.add"), icon: Plus, run: () => void navigate({ to: "/peers/add" }) },
    { id: "add-vps", name: t("vpses.add"), icon: Plus, run: () => void navigate({ to: "/vpses/add" }) },
    {
      id: "check-all",
      name: t("check.checkAll"),
      icon: ShieldCheck,
      run: () => check([], { onSuccess: (id) => void navigate({ to: "/jobs/$id", params: { id } }) }),
    },
    { id: "look", name: t("host.look"), icon: Radar, run: () => look([]) },
    ...(pending && pending.hosts.length > 0
      ? [
          {
            id: "pending",
            name: t("pending.title"),
            icon: ListChecks,
            run: () => void navigate({ to: "/pending" }),
          },
        ]
      : []),
    { id: "theme", name: t(dark ? "frame.toLight" : "frame.toDark"), icon: Moon, run: toggle },
  ];
}

function useObjects(): { key: string; label: string; all: Act[] }[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: vpses } = useVpses();
  const { data: peers } = usePeers();
  const { data: forwards } = useForwards();
  return useMemo(() => {
    const terminal = (name: string): Act => ({
      id: `terminal-${name}`,
      name: t("palette.terminalOn", { name }),
      icon: SquareTerminal,
      run: () => void navigate({ to: "/terminal", search: { host: name } }),
    });
    const hosts = new Set([
      ...(vpses ?? []).map((one) => one.name),
      ...(peers ?? []).flatMap((one) => one.host ?? []),
    ]);
    return [
      {
        key: "vpses",
        label: t("nav.vpses"),
        all: (vpses ?? []).map((one) => ({
          id: one.id,
          name: one.name,
          detail: one.addresses.join(" "),
          icon: Server,
          run: () => void navigate({ to: "/vpses/$name", params: { name: one.name } }),
        })),
      },
      {
        key: "peers",
        label: t("nav.peers"),
        all: (peers ?? []).map((one) => ({
          id: one.id,
          name: one.name,
          detail: `${one.tunnel_ip} ${one.public_ip}`,
          icon: House,
          run: () => void navigate({ to: "/peers/$name", params: { name: one.name } }),
        })),
      },
      {
        key: "forwards",
        label: t("nav.forwards"),
        all: (forwards ?? []).map((one) => ({
          id: one.id,
          name: one.label || one.ports || t("forwards.everything"),
          detail: `${one.public_ip}:${one.ports} → ${one.target}`,
          icon: Cable,
          run: () => void navigate({ to: "/forwards", search: { open: one.id } }),
        })),
      },
      { key: "terminal", label: t("nav.terminal"), all: [...hosts].map(terminal) },
    ];
  }, [t, navigate, vpses, peers, forwards]);
}
