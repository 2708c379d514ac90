import { isMac } from "@/lib/platform";

const MAC: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
const OTHER: Record<string, string> = { Mod: "Ctrl" };

/** A shortcut as the system at hand writes it; `keys` is e.g. `Mod K`. */
export function Kbd({ keys }: { keys: string }) {
  const names = isMac ? MAC : OTHER;
  return (
    <span className="inline-flex items-center gap-0.5 text-muted">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className="inline-grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-line px-1 font-sans text-[0.6875rem] leading-none"
        >
          {names[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
