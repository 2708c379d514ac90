import { useMemo, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import type { ForwardRow } from "@/api/generated/types";
import { useForwardHealth } from "@/features/checks/use-forward-health";
import { forwardLines } from "./columns";
import { ForwardTable } from "./forward-table";

/** The forwards of one peer. */
export function ForwardList({ forwards, peer }: { forwards: ForwardRow[]; peer: string }) {
  const navigate = useNavigate();
  const health = useForwardHealth();
  const [sort, setSort] = useState<string | undefined>();
  const lines = useMemo(() => forwardLines(forwards, health), [forwards, health]);
  return (
    <div className="flex h-full min-h-60 flex-col">
      <ForwardTable
        lines={lines}
        sort={sort}
        onSort={setSort}
        without={["peer"]}
        onOpen={(forward) => void navigate({ to: "/forwards", search: { open: forward.id, peer } })}
      />
    </div>
  );
}
