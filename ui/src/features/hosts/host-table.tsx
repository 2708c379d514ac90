import type { ComponentProps } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLive } from "@/api/queries";
import { ErrorNotice } from "@/components/states";
import { DataTable } from "@/components/table/table";

type Place = "/vpses/$name" | "/peers/$name";

interface Line {
  row: { id: string; name: string };
}

interface HostTableProps<T extends Line> extends Omit<
  ComponentProps<typeof DataTable<T>>,
  "rowId" | "rowName" | "onOpen"
> {
  /** Where a row leads. */
  to: Place;
}

/** A table of VPSes or peers. */
export function HostTable<T extends Line>({ to, ...table }: HostTableProps<T>) {
  const navigate = useNavigate();
  return (
    <DataTable
      {...table}
      rowId={(line) => line.row.id}
      rowName={(line) => line.row.name}
      onOpen={(line) => void navigate({ to, params: { name: line.row.name } })}
    />
  );
}

/** The name in a row, for those who open it elsewhere; the keyboard has the row. */
export function NameLink({ to, name }: { to: Place; name: string }) {
  return (
    <Link
      to={to}
      params={{ name }}
      tabIndex={-1}
      title={name}
      onClick={(event) => event.stopPropagation()}
      className="truncate font-medium hover:underline"
    >
      {name}
    </Link>
  );
}

/** Above a table whose rows say how hosts stand, where that could not be read. */
export function LiveFailed() {
  const { t } = useTranslation();
  const { error, refetch } = useLive();
  return error && <ErrorNotice error={error} title={t("vpses.liveFailed")} onRetry={() => void refetch()} />;
}
