import { expect, test } from "vitest";
import type { PastView } from "../../src/api/generated/types.ts";
import { moved, stepOf, windowOf, zoomed } from "../../src/features/monitoring/range.ts";
import { added, percentile95, timesOf, valuesAt } from "../../src/features/monitoring/series.ts";

const past = (polled: number[], at: number[], mean: number[]): PastView => ({
  step: 60,
  at,
  columns: [{ column: "to_home", mean, peak: mean, sum: 0, p95: null }],
  polled,
  states: [],
});

test("a gap is none, and where it was polled and nothing happened there is zero", () => {
  const view = past([0, 60, 120, 600], [0, 120], [5, 7]);
  const times = timesOf([view]);
  expect(times).toEqual([0, 60, 120, 180, 600]);
  expect(valuesAt(view, "to_home", times)).toEqual([5, 0, 7, null, 0]);
});

test("what is summed is known where one of them is", () => {
  expect(
    added(
      [
        [1, null, null],
        [2, 3, null],
      ],
      3,
    ),
  ).toEqual([3, 3, null]);
  expect(percentile95([null])).toBeNull();
  expect(percentile95(Array.from({ length: 100 }, (_, at) => at + 1))).toBe(95);
});

test("windows end on whole points, zoom no closer than can be shown, and never reach into the future", () => {
  const now = 1_700_000_123;
  const day = windowOf("day", now * 1000);
  expect(day.to - day.from).toBe(86_400);
  expect(day.to % stepOf(day)).toBe(0);
  expect(day.to).toBeGreaterThanOrEqual(now);
  const near = zoomed({ from: now - 2, to: now }, now);
  expect(near.to - near.from).toBeGreaterThanOrEqual(600);
  expect(near.to - now).toBeLessThan(60);
  expect(moved(day, 0.5, now)).toEqual(day);
  expect(moved(day, -0.5, now).to).toBe(day.to - 43_200);
});
