import { useEffect, useRef, useState } from "react";
import { ChevronDown, ChevronUp, Download, RotateCw, Search, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSaveText } from "@/api/mutations";
import { Button, IconButton } from "@/components/button";
import { Input } from "@/components/input";
import { Hints } from "@/components/states";
import { Shape, type Tone } from "@/components/status";
import { useToldSaved } from "@/components/toast";
import { hasMod } from "@/lib/platform";
import { cx } from "@/lib/cx";
import { sessionError, type Session, type SessionState } from "./session";
import { closeSession, focusSession, terminals, type Tab } from "./store";

const tones: Record<SessionState["at"], Tone> = { opening: "info", open: "ok", ended: "off", failed: "bad" };

interface PaneProps {
  tab: Tab;
  session: Session;
  lone: boolean;
}

/** One shell: its head, its screen, and what is to be done once it ended. */
export function Pane({ tab, session, lone }: PaneProps) {
  const { t } = useTranslation();
  terminals.use();
  const whole = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [searching, setSearching] = useState(false);
  const { state } = session;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    session.attach(element);
    const observer = new ResizeObserver(() => session.refit());
    observer.observe(element);
    return () => observer.disconnect();
  }, [session]);
  const here = lone || tab.active === session;
  useEffect(() => {
    // Whoever searches in it keeps the keyboard there.
    if (here && !whole.current?.contains(document.activeElement)) session.focus();
  }, [here, session]);
  return (
    <section
      ref={whole}
      aria-label={t("terminal.of", { host: session.host })}
      onFocusCapture={() => focusSession(tab, session)}
      onKeyDownCapture={(event) => {
        if (!hasMod(event) || !event.shiftKey || event.code !== "KeyF") return;
        event.preventDefault();
        setSearching(true);
      }}
      className="relative flex size-full min-h-0 min-w-0 flex-col bg-sunken"
    >
      <header
        className={cx(
          "flex h-8 shrink-0 items-center gap-2 border-b px-2 text-xs",
          here && !lone ? "bg-hover" : "bg-surface",
        )}
      >
        <Shape tone={tones[state.at]} />
        <span className="truncate font-mono">{session.title}</span>
        <span className="text-muted">{t(`terminal.state.${state.at}`)}</span>
        <span className="ml-auto flex">
          <IconButton
            icon={Search}
            label={t("terminal.search")}
            shortcut="Mod Shift F"
            onClick={() => setSearching(true)}
          />
          <SaveLog session={session} />
          {!lone && (
            <IconButton
              icon={X}
              label={t("terminal.close", { name: session.host })}
              onClick={() => closeSession(tab, session)}
            />
          )}
        </span>
      </header>
      {searching && <SearchBar session={session} onClose={() => setSearching(false)} />}
      <div
        ref={place}
        style={{ background: session.background }}
        className="min-h-0 flex-1 overflow-hidden pt-1 pl-2"
      />
      {(state.at === "ended" || state.at === "failed") && (
        <Ended session={session} onClose={() => closeSession(tab, session)} />
      )}
    </section>
  );
}

function SaveLog({ session }: { session: Session }) {
  const { t } = useTranslation();
  const save = useSaveText();
  const told = useToldSaved();
  const go = () => save.mutate({ fileName: `${session.host}.log`, text: session.log() }, told);
  return <IconButton icon={Download} label={t("terminal.save")} onClick={go} />;
}

function SearchBar({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [found, setFound] = useState(true);
  const close = () => {
    session.search.clearDecorations();
    onClose();
    session.focus();
  };
  const look = (wanted: string, back = false) =>
    setFound(wanted === "" || (back ? session.search.findPrevious(wanted) : session.search.findNext(wanted)));
  return (
    <form
      role="search"
      className="absolute top-9 right-3 z-10 flex items-center gap-1 rounded-lg border border-line-strong bg-raised p-1 shadow-float"
      onSubmit={(event) => {
        event.preventDefault();
        look(text);
      }}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <Input
        autoFocus
        mono
        value={text}
        aria-label={t("terminal.search")}
        aria-invalid={!found || undefined}
        onChange={(event) => {
          setText(event.target.value);
          look(event.target.value);
        }}
        className="w-52"
      />
      <span role="status" className="sr-only">
        {found ? "" : t("terminal.notFound")}
      </span>
      <IconButton icon={ChevronUp} label={t("terminal.previous")} onClick={() => look(text, true)} />
      <IconButton icon={ChevronDown} label={t("terminal.next")} onClick={() => look(text)} />
      <IconButton icon={X} label={t("common.close")} onClick={close} />
    </form>
  );
}

function Ended({ session, onClose }: { session: Session; onClose: () => void }) {
  const { t } = useTranslation();
  const { state } = session;
  const error = sessionError(state);
  const end = state.at === "ended" ? state.end : null;
  const line =
    end?.end === "exit"
      ? t("terminal.exit", { code: end.code })
      : end?.end === "signal"
        ? t("terminal.signal", { signal: end.signal })
        : (error?.message ?? t("terminal.closed"));
  return (
    <div role="alert" className="flex flex-wrap items-center gap-2 border-t bg-surface px-3 py-2">
      <Shape tone={error ? "bad" : "off"} />
      <div className="min-w-40 flex-1">
        <p className="break-words">{line}</p>
        {error && <Hints hints={error.hints} />}
      </div>
      <Button onClick={onClose}>{t("common.close")}</Button>
      <Button
        variant="primary"
        icon={RotateCw}
        onClick={() => {
          void session.open();
          session.focus();
        }}
      >
        {t("terminal.reconnect")}
      </Button>
    </div>
  );
}
