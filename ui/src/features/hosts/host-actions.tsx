import { useState, type ReactNode } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, Pencil, RotateCcw, SquareTerminal, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass, IconButton } from "@/components/button";
import { Menu, MenuItem, MenuLine } from "@/components/menu";
import { rollBack } from "./changes";
import { RemoveDialog } from "./remove-dialog";
import { RenameDialog } from "./rename-dialog";

/** A VPS or a peer, by its name. */
interface Named {
  kind: "vps" | "peer";
  name: string;
}

const pages = {
  vps: { one: "/vpses/$name", all: "/vpses" },
  peer: { one: "/peers/$name", all: "/peers" },
} as const;

/** What opens the dialogs that rename and remove, and the dialogs; its page follows the name, or is left. */
export function useHostDialogs({ kind, name }: Named) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const close = () => setOpen(null);
  const { one, all } = pages[kind];
  const dialogs = (
    <>
      {open === "rename" && (
        <RenameDialog
          kind={kind}
          name={name}
          onClose={close}
          onRenamed={(next) => void navigate({ to: one, params: { name: next }, search: keep })}
        />
      )}
      {open === "remove" && (
        <RemoveDialog
          kind={kind}
          names={[name]}
          onClose={close}
          onRemoved={() => void navigate({ to: all })}
        />
      )}
    </>
  );
  return { rename: () => setOpen("rename"), remove: () => setOpen("remove"), dialogs };
}

/** The tab stays. */
const keep = ({ tab }: { tab?: string | undefined }) => ({ tab });

interface HostActionsProps extends Named {
  /** The machine that it is; none for a device that nobody logs in to. */
  host: string | null;
  /** What only this kind can do. */
  children?: ReactNode;
}

/** At the head of a page: its terminal, and a menu of what can be done with it. */
export function HostActions({ kind, name, host, children }: HostActionsProps) {
  const { t } = useTranslation();
  const { rename, remove, dialogs } = useHostDialogs({ kind, name });
  return (
    <>
      {host && (
        <Link to="/terminal" search={{ host }} className={buttonClass()}>
          <SquareTerminal aria-hidden className="size-4" strokeWidth={1.75} />
          {t("nav.terminal")}
        </Link>
      )}
      <Menu trigger={<IconButton variant="plain" icon={Ellipsis} label={t("common.more")} />}>
        <MenuItem icon={Pencil} onSelect={rename}>
          {t("vps.rename")}
        </MenuItem>
        {children}
        {host && (
          <MenuItem icon={RotateCcw} onSelect={() => rollBack(t("host.rollback"), host)}>
            {t("host.rollback")}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={Trash2} danger onSelect={remove}>
          {t(kind === "vps" ? "vps.remove" : "peers.removeOne")}
        </MenuItem>
      </Menu>
      {dialogs}
    </>
  );
}
