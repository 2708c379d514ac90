import { useEffect, useRef } from "react";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/button";
import { Kbd } from "@/components/kbd";
import { Panel } from "@/components/layout";
import { Page } from "@/frame/page";
import { QUESTIONS, type QuestionKey } from "./questions";

const WINDOW = [
  ["Mod K", "palette"],
  ["/", "search"],
  ["G D", "dashboard"],
  ["G F", "forwards"],
  ["G T", "terminal"],
  ["↑ ↓", "rows"],
  ["Enter", "open"],
  ["Space", "select"],
] as const;

const TERMINAL = [
  ["Mod Shift T", "newTab"],
  ["Mod Shift D", "splitRight"],
  ["Mod Shift E", "splitDown"],
  ["Mod Shift ← → ↑ ↓", "besidePane"],
  ["Mod Shift W", "closePane"],
  ["Mod Shift ]", "nextTab"],
  ["Mod Shift F", "find"],
  ["Mod Shift C", "copy"],
  ["Mod Shift V", "paste"],
  ["Mod +", "larger"],
  ["Mod -", "smaller"],
] as const;

export function HelpPage() {
  const { t } = useTranslation();
  const { q } = useSearch({ from: "/help" });
  return (
    <Page width="text" title={t("nav.help")} lead={t("help.lead")} trail={[{ label: t("nav.help") }]}>
      <div className="grid gap-4">
        <Panel flush title={t("help.faq")}>
          {QUESTIONS.map((key) => (
            <Answer key={key} question={key} asked={q === key} />
          ))}
        </Panel>
        <Panel title={t("help.more")}>
          <p className="mb-3 text-muted">{t("help.moreText")}</p>
          <Link to="/log" className={buttonClass()}>
            {t("programLog.open")}
          </Link>
        </Panel>
        <Keys title={t("help.keys")} keys={WINDOW} />
        <Keys title={t("help.terminalKeys")} keys={TERMINAL} />
      </div>
    </Page>
  );
}

/** A question; the one that a link asked for is open and in view. */
function Answer({ question, asked }: { question: QuestionKey; asked: boolean }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!asked || !place.current) return;
    place.current.open = true;
    place.current.scrollIntoView({ block: "center" });
    place.current.querySelector("summary")?.focus();
  }, [asked]);
  return (
    <details ref={place} className="group border-b border-line/60 last:border-b-0">
      <summary className="cursor-default list-none px-4 py-2.5 font-medium -outline-offset-2 marker:content-none hover:bg-hover">
        <span
          aria-hidden
          className="mr-2 inline-block text-muted transition-transform duration-100 group-open:rotate-90"
        >
          ›
        </span>
        {t(`help.q.${question}.ask`)}
      </summary>
      <p className="px-4 pb-3 pl-8 text-muted">{t(`help.q.${question}.say`)}</p>
    </details>
  );
}

type WindowKey = (typeof WINDOW | typeof TERMINAL)[number][1];

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, WindowKey])[] }) {
  const { t } = useTranslation();
  return (
    <Panel title={title}>
      <dl className="grid gap-x-10 gap-y-2 sm:grid-cols-2">
        {keys.map(([combination, what]) => (
          <div key={combination} className="flex items-center justify-between gap-4">
            <dt className="text-muted">{t(`help.key.${what}`)}</dt>
            <dd>
              <Kbd keys={combination} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
