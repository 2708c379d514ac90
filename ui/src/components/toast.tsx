import { useEffect, useState, type ReactNode } from "react";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asUserError } from "@/api/errors";
import { createStore } from "@/lib/store";
import { IconButton } from "./button";
import { Shape, type Tone } from "./status";

export interface Toast {
  id: number;
  tone: Tone;
  text: ReactNode;
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 6_000;
const MOST = 2;
const toasts = createStore<Toast[]>([]);
let next = 1;

/** Says something for a moment. What must not be missed goes to the bell as well. */
export function toast(tone: Tone, text: ReactNode, action?: Toast["action"]): void {
  // Two at most: more would cover what is worked on, and the bell and the jobs keep what they said.
  toasts.set((all) => [
    ...all.filter((one) => one.text !== text).slice(1 - MOST),
    { id: next++, tone, text, action },
  ]);
}

/** Says that what was asked for could not be done, and why. */
export const toastError = (error: unknown): void => toast("bad", asUserError(error).message);

/** For what saves a file: says where it went; nothing if the person chose no place. */
export function useToldSaved() {
  const { t } = useTranslation();
  return {
    onSuccess: (path: string | null) => {
      if (path) toast("ok", t("common.saved", { path }));
    },
    onError: toastError,
  };
}

const dismiss = (id: number) => toasts.set((all) => all.filter((one) => one.id !== id));

export function Toasts() {
  const all = toasts.use();
  const { t } = useTranslation();
  return (
    <section
      aria-label={t("frame.messages")}
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-70 grid w-90 max-w-[calc(100vw-2rem)] gap-2"
    >
      {all.map((one) => (
        <Card key={one.id} toast={one} />
      ))}
    </section>
  );
}

function Card({ toast: { id, tone, text, action } }: { toast: Toast }) {
  const { t } = useTranslation();
  // Who reads it, or is about to press its button, is given the time.
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismiss(id), action ? SHOWN_MS * 2 : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, action, held]);
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line-strong bg-raised py-1.5 pr-1.5 pl-3 shadow-float appear"
    >
      <Shape tone={tone} className="mt-2.5" />
      <p className="min-w-0 flex-1 py-1.5 break-words">{text}</p>
      {action && (
        <button
          type="button"
          className="h-8 shrink-0 rounded-sm px-2 font-medium text-accent hover:underline"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon={X} label={t("common.close")} onClick={() => dismiss(id)} />
    </div>
  );
}
