/**
 * Keeps what was made last, outside of any component: a page that is shown again has it at once, where `useMemo` would
 * make it anew. The keys are compared by identity.
 */
export function keepLast<R>(): (keys: readonly unknown[], make: () => R) => R {
  let last: { keys: readonly unknown[]; made: R } | undefined;
  return (keys, make) => {
    const same = last?.keys.length === keys.length && last.keys.every((key, at) => Object.is(key, keys[at]));
    if (last && same) return last.made;
    const made = make();
    last = { keys, made };
    return made;
  };
}
