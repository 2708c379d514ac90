import { Radar } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLook } from "@/api/mutations";
import { Button } from "@/components/button";
import { toast } from "@/components/toast";
import { asUserError } from "@/api/errors";

/** Looks at hosts now; all of them if none is named. */
export function LookButton({ hosts = [] }: { hosts?: string[] }) {
  const { t } = useTranslation();
  const look = useLook();
  return (
    <Button
      icon={Radar}
      busy={look.isPending}
      onClick={() => look.mutate(hosts, { onError: (error) => toast("bad", asUserError(error).message) })}
    >
      {t("host.look")}
    </Button>
  );
}
