/**
 * Keystrokes in their order: one write is in flight, what is typed meanwhile waits and goes as one. A call for each key
 * is not ordered (calls overtake each other).
 */
export class WriteQueue {
  private waiting = "";
  private flying = false;
  private started = false;
  private readonly send: (text: string) => Promise<unknown>;

  constructor(send: (text: string) => Promise<unknown>) {
    this.send = send;
  }

  push(text: string): void {
    this.waiting += text;
    void this.flush();
  }

  /** The shell is open: what was typed before goes first. */
  start(): void {
    this.started = true;
    void this.flush();
  }

  /** The shell is gone, and what was not sent with it. */
  stop(): void {
    this.started = false;
    this.waiting = "";
  }

  private async flush(): Promise<void> {
    if (!this.started || this.flying) return;
    this.flying = true;
    try {
      // `stop` empties it.
      while (this.waiting !== "") {
        const text = this.waiting;
        this.waiting = "";
        await this.send(text);
      }
    } catch {
      // The shell ended; its event says how.
      this.stop();
    }
    this.flying = false;
  }
}
