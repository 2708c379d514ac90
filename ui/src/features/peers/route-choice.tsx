import { useTranslation } from "react-i18next";
import { Cards } from "@/components/choice";
import { TextField } from "@/components/text-field";
import { wrongNetwork, type Route } from "./route";

interface RouteChoiceProps {
  route: Route;
  onChange: (route: Route) => void;
}

/** How a machine sends its own traffic, each way with what follows from it. */
export function RouteChoice({ route, onChange }: RouteChoiceProps) {
  const { t } = useTranslation();
  const wrong = wrongNetwork(route);
  return (
    <div className="grid gap-3">
      <Cards
        label={t("peers.route.label")}
        value={route.way}
        onChange={(way) => onChange({ ...route, way })}
        cards={(["replies", "everything", "listed"] as const).map((value) => ({
          value,
          title: t(`peers.route.ways.${value}.title`),
          text: t(`peers.route.ways.${value}.text`),
        }))}
      />
      {route.way === "listed" && (
        <TextField
          mono
          autoFocus
          label={t("peers.route.networks")}
          hint={t("peers.route.networksHint")}
          error={wrong && t("peers.route.wrong", { word: wrong })}
          value={route.networks}
          placeholder="198.51.100.0/24, 192.0.2.7"
          onChange={(networks) => onChange({ ...route, networks })}
        />
      )}
    </div>
  );
}
