import { useMemo, useState } from "react";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Ellipsis, KeyRound, RotateCw, ShieldCheck, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asUserError } from "@/api/errors";
import { useTrustProxmox } from "@/api/mutations";
import { useAttached, useGuests, useProxmoxes } from "@/api/queries";
import type { AttachedSight, GuestSight, NodeSight, ProxmoxRow } from "@/api/generated/types";
import { Button, IconButton } from "@/components/button";
import { Menu, MenuItem } from "@/components/menu";
import { ErrorNotice, Notice, SkeletonRows } from "@/components/states";
import { Status } from "@/components/status";
import { DataTable } from "@/components/table/table";
import { readSort, writeSort } from "@/components/table/sort";
import { Filter, Toolbar } from "@/components/table/toolbar";
import { Tabs } from "@/components/tabs";
import { Ago } from "@/components/time";
import { toastError } from "@/components/toast";
import { openPlan } from "@/features/plans/plan-dialog";
import { wordsOf } from "@/features/search/rows";
import { Page } from "@/frame/page";
import { AttachDialog } from "./attach-dialog";
import { AttachedPanel } from "./attached";
import { Bridges } from "./bridges";
import { guestColumns } from "./columns";
import { emptySignIn, SignInDialog, type SignInDraft } from "./sign-in-dialog";

const USUAL = "vmid";
const nobody: GuestSight[] = [];
const nothing: AttachedSight[] = [];

/** A Proxmox host: its nodes and guests as they are now, and those that are attached. */
export function ProxmoxPage() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/proxmox/$name" });
  const { data: hosts } = useProxmoxes();
  const host = hosts?.find((one) => one.name === name);
  const guests = useGuests(name);
  const attached = useAttached(name);
  const at = guests.data && Date.parse(guests.data.at);
  const again = () => {
    void guests.refetch();
    void attached.refetch();
  };
  const trail = [{ label: t("nav.proxmox"), to: "/proxmox" }, { label: name }];
  const search = useSearch({ from: "/proxmox/$name" });
  const navigate = useNavigate({ from: "/proxmox/$name" });
  return (
    <Page
      fill
      title={name}
      trail={trail}
      lead={host && <Lead host={host} />}
      actions={
        <>
          {at && (
            <span className="text-xs text-muted">
              {t("proxmox.seen")} <Ago at={at} />
            </span>
          )}
          <Button icon={RotateCw} busy={guests.isFetching} onClick={again}>
            {t("proxmox.refresh")}
          </Button>
          <Actions name={name} attached={host?.attached ?? 0} />
        </>
      }
    >
      {guests.error && <Failed name={name} error={guests.error} onRetry={again} />}
      {guests.isPending && <SkeletonRows rows={8} />}
      {guests.data && <Nodes nodes={guests.data.nodes} />}
      <AttachedPanel proxmox={name} guests={attached.data ?? nothing} error={attached.error} />
      <Tabs
        label={name}
        value={search.tab ?? "guests"}
        onChange={(tab) =>
          void navigate({ search: { ...search, tab: tab === "bridges" ? tab : undefined }, replace: true })
        }
        tabs={[
          {
            value: "guests",
            label: t("proxmox.guests"),
            count: guests.data?.guests.length,
            content: guests.data && (
              <div className="flex h-full min-h-0 flex-col">
                <Guests
                  proxmox={name}
                  endpoint={host?.endpoint ?? ""}
                  guests={guests.data.guests}
                  attached={attached.data ?? nothing}
                />
              </div>
            ),
          },
          { value: "bridges", label: t("proxmox.bridges"), content: <Bridges proxmox={name} /> },
        ]}
      />
    </Page>
  );
}

function Lead({ host }: { host: ProxmoxRow }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="font-mono text-xs">{host.endpoint}</span>
      {" · "}
      {t("proxmox.asWho", { who: host.who, version: host.version })}
    </>
  );
}

function Failed({ name, error, onRetry }: { name: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const trust = useTrust(name);
  const changed = asUserError(error).code === "proxmox_certificate_changed";
  return (
    <div className="mb-3 grid gap-2">
      <ErrorNotice error={error} title={t("proxmox.guestsFailed")} onRetry={onRetry} />
      {changed && (
        <div>
          <Button icon={ShieldCheck} onClick={trust}>
            {t("proxmox.trust")}
          </Button>
        </div>
      )}
    </div>
  );
}

function useTrust(name: string): () => void {
  const trust = useTrustProxmox();
  return () => trust.mutate(name, { onError: toastError });
}

function Actions({ name, attached }: { name: string; attached: number }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const trust = useTrust(name);
  const [signing, setSigning] = useState<SignInDraft | null>(null);
  const remove = () =>
    openPlan({
      title: t("proxmox.removeTitle", { name }),
      danger: true,
      source: { change: { change: "proxmox_remove", name, forget: false } },
      onApplied: () => void navigate({ to: "/proxmox" }),
    });
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={KeyRound} onSelect={() => setSigning(emptySignIn)}>
          {t("proxmox.signInAnew")}
        </MenuItem>
        <MenuItem icon={ShieldCheck} onSelect={trust}>
          {t("proxmox.trust")}
        </MenuItem>
        <MenuItem icon={Trash2} danger disabled={attached > 0} onSelect={remove}>
          {t("proxmox.remove")}
        </MenuItem>
      </Menu>
      {signing && (
        <SignInDialog host={name} draft={signing} onClose={() => setSigning(null)} onBack={setSigning} />
      )}
    </>
  );
}

function Nodes({ nodes }: { nodes: NodeSight[] }) {
  const { t } = useTranslation();
  const down = nodes.filter((node) => !node.online);
  return (
    <div className="mb-3 grid gap-2">
      <ul aria-label={t("proxmox.nodes")} className="flex flex-wrap gap-x-4 gap-y-1">
        {nodes.map((node) => (
          <li key={node.name}>
            <Status tone={node.online ? "ok" : "bad"} detail={t(node.online ? "proxmox.up" : "proxmox.down")}>
              {node.name}
            </Status>
          </li>
        ))}
      </ul>
      {down.length > 0 && (
        <Notice
          tone="warn"
          title={t("proxmox.nodesDown", { nodes: down.map((node) => node.name).join(", ") })}
        />
      )}
    </div>
  );
}

interface GuestsProps {
  proxmox: string;
  endpoint: string;
  guests: GuestSight[];
  attached: AttachedSight[];
}

function Guests({ proxmox, endpoint, guests, attached }: GuestsProps) {
  const { t, i18n } = useTranslation();
  const search = useSearch({ from: "/proxmox/$name" });
  const navigate = useNavigate({ from: "/proxmox/$name" });
  const set = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const filtered = !!(search.q ?? search.node);
  const rows = useMemo(() => {
    const words = wordsOf(search.q ?? "");
    return (guests.length > 0 ? guests : nobody).filter((guest) => {
      const hay = `${guest.vmid} ${guest.name} ${guest.node} ${guest.peers.join(" ")}`.toLowerCase();
      return (!search.node || guest.node === search.node) && words.every((word) => hay.includes(word));
    });
  }, [guests, search.q, search.node]);
  const nodes = useMemo(
    () => [...new Set(guests.map((guest) => guest.node))].sort().map((value) => ({ value, label: value })),
    [guests],
  );
  const columns = useMemo(() => guestColumns(t, i18n.language), [t, i18n.language]);
  const open = guests.find((guest) => String(guest.vmid) === search.guest);
  return (
    <>
      <Toolbar
        search={search.q ?? ""}
        onSearch={(q) => set({ q: q || undefined })}
        searchLabel={t("proxmox.search")}
        shown={rows.length}
        total={guests.length}
        onClear={filtered ? () => set({ q: undefined, node: undefined }) : undefined}
      >
        <Filter
          label={t("proxmox.node")}
          value={search.node}
          onChange={(node) => set({ node })}
          options={nodes}
        />
      </Toolbar>
      <DataTable
        label={t("proxmox.guests")}
        rows={rows}
        columns={columns}
        rowId={(guest) => String(guest.vmid)}
        rowName={(guest) => guest.name || String(guest.vmid)}
        onOpen={(guest) => set({ guest: String(guest.vmid) })}
        sorting={readSort(search.sort, USUAL)}
        onSort={(next) => set({ sort: writeSort(next, USUAL) })}
        nothing={t(guests.length === 0 ? "proxmox.noGuests" : "table.nothing")}
      />
      {open && (
        <AttachDialog
          key={open.vmid}
          proxmox={proxmox}
          endpoint={endpoint}
          guest={open}
          attached={attached}
          onClose={() => set({ guest: undefined })}
        />
      )}
    </>
  );
}
