import { useQuery } from "@tanstack/react-query";
import { call } from "./client";
import type { PastView, SeriesRef, StretchForm } from "./generated/types";
import { keys } from "./keys";

/** The last hour is drawn again this often, in milliseconds: its points are minutes. */
const AGAIN = 60_000;

const MINUTE = 60;

/** Those who ask within this many milliseconds are answered by one call: the rows of a table that came into view. */
const TOGETHER = 20;

/** Most series that the program answers at once. */
const MOST = 200;

interface Asked {
  of: SeriesRef;
  answer: (view: PastView) => void;
  fail: (error: unknown) => void;
}

let waiting: Asked[] = [];

/** The hour that ends with the minute of a moment (milliseconds). */
export function lastHour(now: number): StretchForm & { step: number } {
  const to = Math.ceil(now / 1000 / MINUTE) * MINUTE;
  return { from: to - 60 * MINUTE, to, step: MINUTE };
}

function askAll() {
  const all = waiting;
  waiting = [];
  const stretch = lastHour(Date.now());
  for (let from = 0; from < all.length; from += MOST) {
    const some = all.slice(from, from + MOST);
    call("past", { of: some.map((one) => one.of), stretch }).then(
      (views) => {
        some.forEach(({ answer, fail }, at) => {
          const view = views[at];
          if (view) answer(view);
          else fail(new Error("no answer for this series"));
        });
      },
      (error: unknown) => {
        for (const { fail } of some) fail(error);
      },
    );
  }
}

function recent(of: SeriesRef): Promise<PastView> {
  return new Promise((answer, fail) => {
    if (waiting.length === 0) setTimeout(askAll, TOGETHER);
    waiting.push({ of, answer, fail });
  });
}

/** The last hour of one series by minutes, asked together with the other rows that are in view. */
export const useRecent = (kind: SeriesRef["kind"], id: string) =>
  useQuery({
    queryKey: keys.recent(kind, id),
    queryFn: () => recent({ kind, id }),
    staleTime: AGAIN,
    refetchInterval: AGAIN,
    gcTime: AGAIN,
  });
