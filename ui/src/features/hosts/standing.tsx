import { Status } from "@/components/status";
import type { Stand } from "./health";

interface StandingProps {
  stand: Stand;
  /** Without why. */
  brief?: boolean;
  className?: string;
}

/** How a host or a peer stands. */
export function Standing({ stand, brief, className }: StandingProps) {
  return (
    <Status tone={stand.tone} detail={brief ? undefined : stand.detail} className={className}>
      {stand.word}
    </Status>
  );
}
