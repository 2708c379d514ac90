let typed = "";

const press = (event: KeyboardEvent) => {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  typed += event.key;
};

/** The palette was asked for and is not there yet: who types on without waiting loses nothing. */
export function keepEarlyKeys(): void {
  typed = "";
  window.addEventListener("keydown", press, { capture: true });
}

/** What was typed before the palette stood; it begins with that. */
export const earlyKeys = (): string => typed;

/** The palette stands, and takes the keys itself. */
export function endEarlyKeys(): void {
  window.removeEventListener("keydown", press, { capture: true });
}
