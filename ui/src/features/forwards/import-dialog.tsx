import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePeers } from "@/api/queries";
import { Field } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { Textarea } from "@/components/input";
import { Select } from "@/components/select";
import { openPlan } from "@/features/plans/plan-dialog";

/** Many forwards of a peer at once, a line each. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: peers = [] } = usePeers();
  const [peer, setPeer] = useState(peers[0]?.name ?? "");
  const [text, setText] = useState("");
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#")).length;
  const title = t("forwards.import");
  return (
    <FormDialog
      shape="drawer"
      title={title}
      description={t("forwards.importText")}
      action={t("forwards.importDo", { count: lines })}
      disabled={lines === 0 || peer === ""}
      unsaved={lines > 0}
      onClose={onClose}
      onSubmit={() => openPlan({ title, source: { change: { change: "forward_import", peer, text } } })}
    >
      <Field label={t("forwards.peer")}>
        {(control) => (
          <Select
            {...control}
            value={peer}
            onChange={setPeer}
            options={peers.map((one) => ({ value: one.name, label: one.name, detail: one.public_ip }))}
          />
        )}
      </Field>
      <Field label={t("forwards.lines")} hint={t("forwards.linesHint")}>
        {(control) => (
          <Textarea
            {...control}
            mono
            rows={12}
            value={text}
            placeholder={"25565 both 10.99.1.2 survival\n27000-27050 udp\n443->8443 tcp peer web"}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
