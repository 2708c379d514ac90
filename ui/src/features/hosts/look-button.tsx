import { Radar } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLook } from "@/api/mutations";
import { Button } from "@/components/button";
import { toastError } from "@/components/toast";

/** Looks at hosts now; all of them if none is named. */
export function LookButton({ hosts = [] }: { hosts?: string[] }) {
  const { t } = useTranslation();
  const look = useLook();
  return (
    <Button icon={Radar} busy={look.isPending} onClick={() => look.mutate(hosts, { onError: toastError })}>
      {t("host.look")}
    </Button>
  );
}
