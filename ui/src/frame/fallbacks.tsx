import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { buttonClass } from "@/components/button";
import { Empty, ErrorNotice } from "@/components/states";
import { Page } from "./page";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t("frame.notFound")} trail={[{ label: t("frame.notFound") }]}>
      <Empty icon={Compass} title={t("frame.notFoundTitle")} text={t("frame.notFoundText")}>
        <Link to="/" className={buttonClass("primary")}>
          {t("frame.toDashboard")}
        </Link>
      </Empty>
    </Page>
  );
}

/** A page that broke: says so, and can be tried again. What is around it goes on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <div className="p-6">
      <ErrorNotice error={error} title={t("frame.pageBroke")} onRetry={reset} />
    </div>
  );
}
