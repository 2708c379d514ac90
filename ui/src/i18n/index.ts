import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "@/api/generated/types";
import en from "./en.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "app";
    resources: { app: typeof en };
  }
}

const KEPT = "wirewarp.language";

/** English is built in; another language is fetched when it is asked for. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    ns: ["app"],
    defaultNS: "app",
    resources: { en: { app: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
    // Types forbid a sentence that is not there; page tests hear of one that slipped through them.
    saveMissing: __MOCK__,
    missingKeyHandler: (_languages, _namespace, key) => console.error(`no sentence is called ${key}`),
  });
  const kept = localStorage.getItem(KEPT);
  await setLanguage(kept === "de" || kept === "en" ? kept : "system");
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  const tag = language === "system" ? navigator.language.slice(0, 2) : language;
  if (tag === "de" && !i18next.hasResourceBundle("de", "app")) {
    const { default: de } = await import("./de.json");
    i18next.addResourceBundle("de", "app", de);
  }
  const chosen = tag === "de" ? "de" : "en";
  document.documentElement.lang = chosen;
  if (i18next.language !== chosen) await i18next.changeLanguage(chosen);
}
