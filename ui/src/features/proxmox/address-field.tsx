import { useTranslation } from "react-i18next";
import type { AddressForm, GuestSight } from "@/api/generated/types";
import { Field } from "@/components/field";
import { Select } from "@/components/select";

/** Who may tell a guest its address: containers have no agent. */
const WAYS: Record<GuestSight["kind"], AddressForm[]> = {
  vm: ["auto", "dhcp", "config", "agent", "by_hand"],
  ct: ["auto", "dhcp", "config", "by_hand"],
};

interface AddressProps {
  kind: GuestSight["kind"];
  value: AddressForm;
  onChange: (value: AddressForm) => void;
}

export function AddressField({ kind, value, onChange }: AddressProps) {
  const { t } = useTranslation();
  return (
    <Field label={t("proxmox.addressBy")}>
      {(control) => (
        <Select
          {...control}
          value={value}
          // Its values are those of the options.
          onChange={(chosen) => onChange(WAYS[kind].find((way) => way === chosen) ?? "auto")}
          options={WAYS[kind].map((way) => ({
            value: way,
            label: t(way === "config" ? `proxmox.addresses.config_${kind}` : `proxmox.addresses.${way}`),
          }))}
        />
      )}
    </Field>
  );
}
