import { useTranslation } from "react-i18next";
import { useNow } from "@/lib/clock";
import { exact, relative } from "@/lib/format";

/** When, relative; the exact time on hover. `at` is milliseconds since 1970. */
export function Ago({ at, className }: { at: number; className?: string }) {
  const { i18n } = useTranslation();
  const now = Math.max(useNow(), at);
  return (
    <time dateTime={new Date(at).toISOString()} title={exact(at, i18n.language)} className={className}>
      {relative(at, now, i18n.language)}
    </time>
  );
}
