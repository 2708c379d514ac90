import { Link } from "@tanstack/react-router";
import { CircleHelp } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { QuestionKey } from "./questions";

/** Beside what is hard: leads to its answer among the questions. */
export function HelpLink({ to }: { to: QuestionKey }) {
  const { t } = useTranslation();
  return (
    <Link
      to="/help"
      search={{ q: to }}
      className="rounded-sm text-accent underline decoration-accent/50 underline-offset-2 hover:decoration-current"
    >
      <CircleHelp aria-hidden className="mr-1 inline size-3.5 align-[-0.2em]" strokeWidth={1.75} />
      {t(`help.q.${to}.ask`)}
    </Link>
  );
}
