import { useTranslation } from "react-i18next";
import { Kbd } from "@/components/kbd";
import { Panel } from "@/components/layout";
import { Page } from "@/frame/page";

const QUESTIONS = [
  "rent",
  "cost",
  "tunnel",
  "conflict",
  "provider",
  "real",
  "off",
  "lockout",
  "others",
  "udp",
  "manual",
] as const;

const SHORTCUTS = [
  ["Mod K", "palette"],
  ["/", "search"],
  ["G D", "dashboard"],
  ["G F", "forwards"],
  ["G T", "terminal"],
  ["↑ ↓", "rows"],
  ["Enter", "open"],
  ["Space", "select"],
] as const;

export function HelpPage() {
  const { t } = useTranslation();
  return (
    <Page width="text" title={t("nav.help")} trail={[{ label: t("nav.help") }]}>
      <div className="grid gap-4">
        <Panel flush title={t("help.faq")}>
          {QUESTIONS.map((key) => (
            <details key={key} className="group border-b border-line/60 last:border-b-0">
              <summary className="cursor-default list-none px-4 py-2.5 font-medium -outline-offset-2 marker:content-none hover:bg-hover">
                <span
                  aria-hidden
                  className="mr-2 inline-block text-muted transition-transform duration-100 group-open:rotate-90"
                >
                  ›
                </span>
                {t(`help.q.${key}.ask`)}
              </summary>
              <p className="px-4 pb-3 pl-8 text-muted">{t(`help.q.${key}.say`)}</p>
            </details>
          ))}
        </Panel>
        <Panel title={t("help.keys")}>
          <dl className="grid gap-2 sm:grid-cols-2">
            {SHORTCUTS.map(([keys, what]) => (
              <div key={keys} className="flex items-center justify-between gap-4 sm:odd:pr-6">
                <dt className="text-muted">{t(`help.key.${what}`)}</dt>
                <dd>
                  <Kbd keys={keys} />
                </dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
    </Page>
  );
}
