import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import type { ForwardRow } from "@/api/generated/types";
import { ForwardTable } from "./forward-table";

/** The forwards of one peer. */
export function ForwardList({ forwards, peer }: { forwards: ForwardRow[]; peer: string }) {
  const navigate = useNavigate();
  const [sort, setSort] = useState<string | undefined>();
  return (
    <div className="flex h-full min-h-60 flex-col">
      <ForwardTable
        rows={forwards}
        sort={sort}
        onSort={setSort}
        without={["peer"]}
        onOpen={(forward) => void navigate({ to: "/forwards", search: { open: forward.id, peer } })}
      />
    </div>
  );
}
