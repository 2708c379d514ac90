import type { ReactElement, ReactNode } from "react";
import { DropdownMenu } from "radix-ui";
import { Check, type LucideIcon } from "lucide-react";
import { cx } from "@/lib/cx";
import { Kbd } from "./kbd";

const surface =
  "z-50 min-w-44 max-w-90 rounded-lg border border-line-strong bg-raised p-1 text-sm shadow-float appear max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto";
const item =
  "flex h-8 items-center gap-2 rounded-md px-2 outline-none select-none data-highlighted:tint-accent data-disabled:opacity-45 pointer-coarse:h-11";

interface MenuProps {
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  children: ReactNode;
}

export function Menu({ trigger, align = "end", children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={surface}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  icon?: LucideIcon;
  danger?: boolean;
  disabled?: boolean;
  shortcut?: string;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon: Icon, danger, disabled, shortcut, onSelect, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      onSelect={onSelect}
      {...(disabled ? { disabled } : {})}
      className={cx(item, danger && "text-bad data-highlighted:tint-bad")}
    >
      {Icon && (
        <Icon aria-hidden className={cx("size-4 shrink-0", !danger && "text-muted")} strokeWidth={1.75} />
      )}
      <span className="flex-1 truncate">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </DropdownMenu.Item>
  );
}

interface MenuCheckProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}

export function MenuCheck({ checked, onChange, children }: MenuCheckProps) {
  return (
    <DropdownMenu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
      className={item}
    >
      <span className="grid size-4 place-items-center">
        {checked && <Check aria-hidden className="size-4 text-accent" />}
      </span>
      <span className="flex-1 truncate">{children}</span>
    </DropdownMenu.CheckboxItem>
  );
}

export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />;

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs text-muted">{children}</DropdownMenu.Label>
);
