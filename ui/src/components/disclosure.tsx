import { useState, type ReactNode } from "react";
import { ChevronDown, ChevronRight } from "lucide-react";

interface DisclosureProps {
  label: string;
  /** Something within is filled in already. */
  startOpen: boolean;
  children: ReactNode;
}

/** What few people need: there once it is asked for. */
export function Disclosure({ label, startOpen, children }: DisclosureProps) {
  const [open, setOpen] = useState(startOpen);
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-1 rounded-sm text-muted hover:text-text"
      >
        <Arrow aria-hidden className="size-4" />
        {label}
      </button>
      {open && <div className="mt-3">{children}</div>}
    </div>
  );
}
