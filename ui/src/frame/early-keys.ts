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

/** The palette takes the keys itself from now on. Gives what was typed before; asked again, nothing. */
export function takeEarlyKeys(): string {
  window.removeEventListener("keydown", press, { capture: true });
  const early = typed;
  typed = "";
  return early;
}
