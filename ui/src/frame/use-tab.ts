import { useNavigate, useSearch } from "@tanstack/react-router";

/** The tab that the address names, and what changes it; the first of them is not in the address. */
export function useTab<T extends string>(tabs: readonly [T, ...T[]]): [T, (next: T) => void] {
  const { tab } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [first] = tabs;
  const go = (next: T) =>
    void navigate({ to: ".", search: { tab: next === first ? undefined : next }, replace: true });
  return [tabs.find((one) => one === tab) ?? first, go];
}
