import { useCallback } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useCheck } from "@/api/mutations";
import type { ForwardId } from "@/api/generated/types";
import { toastError } from "@/components/toast";

/** Checks forwards, all that are on if none is named, and goes where it is seen. */
export function useRunCheck() {
  const navigate = useNavigate();
  const { mutate, isPending } = useCheck();
  const run = useCallback(
    (forwards: ForwardId[]) =>
      mutate(forwards, {
        onSuccess: (id) => void navigate({ to: "/jobs/$id", params: { id } }),
        onError: toastError,
      }),
    [mutate, navigate],
  );
  return { run, busy: isPending };
}
