import { Terminal, type ILink } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { openShell, type Shell } from "@/api/terminal";
import { asUserError } from "@/api/errors";
import type { TerminalEnd, TerminalSettings } from "@/api/generated/types";
import { WriteQueue } from "./write-queue";
import { placeLinks } from "./links";
import { theme } from "./themes";

export type SessionState =
  { at: "opening" } | { at: "open" } | { at: "ended"; end: TerminalEnd } | { at: "failed"; error: unknown };

/** Acknowledge in steps, so that not every packet costs a call. */
const ACK_STEP = 32 * 1024;

/** What the page around a terminal wants to hear. */
export interface SessionEars {
  changed: () => void;
  /** Several lines are to be pasted: asks, and pastes if the person says so. */
  paste: (text: string) => void;
  /** A link was clicked with the modifier: asks. */
  link: (url: string) => void;
  bell: () => void;
}

/**
 * One shell on one host with its screen. It outlives the components that show it, so that tabs and splits can move it
 * about. The host cannot write to the clipboard (OSC 52 is not handled) nor open links.
 */
export class Session {
  readonly key = crypto.randomUUID();
  readonly host: string;
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  state: SessionState = { at: "opening" };
  title: string;
  private readonly fit = new FitAddon();
  private readonly ears: SessionEars;
  private readonly warnPaste: () => boolean;
  private shell: Shell | undefined;
  private queue: WriteQueue;
  private unacknowledged = 0;

  constructor(host: string, settings: () => TerminalSettings, ears: SessionEars) {
    const now = settings();
    this.host = host;
    this.title = host;
    this.ears = ears;
    this.warnPaste = () => settings().warn_paste;
    this.queue = new WriteQueue((text) => this.shell?.write(text) ?? Promise.resolve());
    this.terminal = new Terminal({
      fontFamily: '"JetBrains Mono Variable", monospace',
      fontSize: now.font_size,
      scrollback: now.scrollback,
      cursorBlink: false,
      allowProposedApi: true,
      minimumContrastRatio: 4.5,
      screenReaderMode: false,
      theme: theme(now.theme),
      linkHandler: { activate: (event, url) => this.follow(event, url), allowNonHttpProtocols: false },
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.onData((text) => this.queue.push(text));
    this.terminal.onResize(
      ({ cols, rows }) => void this.shell?.resize({ cols, rows }).catch(() => undefined),
    );
    this.terminal.onTitleChange((title) => {
      this.title = title.slice(0, 60) || host;
      ears.changed();
    });
    this.terminal.onBell(() => ears.bell());
    this.terminal.onSelectionChange(() => {
      const text = this.terminal.getSelection();
      if (text && settings().copy_on_select) void navigator.clipboard.writeText(text);
    });
    this.terminal.registerLinkProvider({ provideLinks: (line, give) => give(this.linksOf(line)) });
    void this.open();
  }

  /** Connects, again if it was connected before. */
  async open(): Promise<void> {
    this.setState({ at: "opening" });
    this.unacknowledged = 0;
    try {
      const size = { cols: this.terminal.cols, rows: this.terminal.rows };
      this.shell = await openShell(
        this.host,
        size,
        (bytes) => this.take(bytes),
        (end) => this.ended(end),
      );
      this.setState({ at: "open" });
      this.queue.start();
      // The place on the screen may have been measured meanwhile.
      await this.shell.resize({ cols: this.terminal.cols, rows: this.terminal.rows });
    } catch (error) {
      this.setState({ at: "failed", error });
    }
  }

  attach(place: HTMLElement): void {
    const { element } = this.terminal;
    if (element) place.append(element);
    else this.terminal.open(place);
    // Paste goes by the question about lines; xterm's own handler would send it at once.
    this.terminal.textarea?.addEventListener("paste", this.onPaste, { capture: true });
    place.addEventListener("paste", this.onPaste, { capture: true });
    this.refit();
  }

  refit(): void {
    if (this.terminal.element?.isConnected) this.fit.fit();
  }

  restyle(settings: TerminalSettings): void {
    this.terminal.options.fontSize = settings.font_size;
    this.terminal.options.scrollback = settings.scrollback;
    this.terminal.options.theme = theme(settings.theme);
    this.refit();
    this.ears.changed();
  }

  /** The colour behind the letters, for what is around them. */
  get background(): string | undefined {
    return this.terminal.options.theme?.background;
  }

  focus(): void {
    this.terminal.focus();
  }

  /** Sends text as a paste: lines arrive as one piece where the shell supports it. */
  paste(text: string): void {
    this.terminal.paste(text);
    this.focus();
  }

  /** Everything on the screen and above it, as text. */
  log(): string {
    const buffer = this.terminal.buffer.normal;
    const lines: string[] = [];
    for (let index = 0; index < buffer.length; index += 1) {
      const line = buffer.getLine(index);
      const text = line?.translateToString(true) ?? "";
      const before = line?.isWrapped ? lines.pop() : undefined;
      lines.push((before ?? "") + text);
    }
    return `${lines.join("\n").trimEnd()}\n`;
  }

  dispose(): void {
    void this.shell?.close().catch(() => undefined);
    this.terminal.dispose();
  }

  private readonly onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    this.offer(event.clipboardData?.getData("text/plain") ?? "");
  };

  /** Pastes one line at once; of several it asks first. */
  offer(text: string): void {
    if (text === "") return;
    if (this.warnPaste() && /[\r\n]./.test(text.trim())) this.ears.paste(text);
    else this.paste(text);
  }

  private take(bytes: Uint8Array): void {
    // Acknowledged once parsed: the host is read no faster than the screen can take.
    this.terminal.write(bytes, () => {
      this.unacknowledged += bytes.length;
      if (this.unacknowledged < ACK_STEP) return;
      const parsed = this.unacknowledged;
      this.unacknowledged = 0;
      void this.shell?.ack(parsed).catch(() => undefined);
    });
  }

  private ended(end: TerminalEnd): void {
    this.queue.stop();
    this.setState({ at: "ended", end });
  }

  private follow(event: MouseEvent, url: string): void {
    if ((event.ctrlKey || event.metaKey) && /^https?:\/\//.test(url)) this.ears.link(url);
  }

  /** Addresses in a row and the rows that it runs on into. */
  private linksOf(row: number): ILink[] {
    const { active } = this.terminal.buffer;
    let top = row - 1;
    while (active.getLine(top)?.isWrapped) top -= 1;
    const rows = [active.getLine(top)?.translateToString(true) ?? ""];
    for (let next = top + 1; active.getLine(next)?.isWrapped; next += 1)
      rows.push(active.getLine(next)?.translateToString(true) ?? "");
    return placeLinks(rows, this.terminal.cols, top + 1)
      .filter(({ start, end }) => start.y <= row && row <= end.y)
      .map(({ url, ...range }) => ({ text: url, range, activate: (event) => this.follow(event, url) }));
  }

  private setState(next: SessionState): void {
    this.state = next;
    this.ears.changed();
  }
}

/** How a session stands, in the words of an error if there is one. */
export const sessionError = (state: SessionState) =>
  state.at === "failed"
    ? asUserError(state.error)
    : state.at === "ended" && state.end.end === "lost"
      ? state.end.error
      : null;
