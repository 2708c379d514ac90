/** Whether this is a Mac, where shortcuts go with Cmd. */
export const isMac = typeof navigator !== "undefined" && /mac/i.test(navigator.userAgent);

/** Whether the key that shortcuts go with is held: Cmd on a Mac, Ctrl elsewhere. */
export function hasMod(event: { metaKey: boolean; ctrlKey: boolean }): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}

/** Whether the person is typing into something, so that single-letter shortcuts are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
      !!target.closest(".xterm"))
  );
}
