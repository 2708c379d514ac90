import { describe, expect, test } from "vitest";
import { bytes, duration, rate, relative, ticks } from "../../src/lib/format.ts";

test("figures have units and at most one digit behind the point", () => {
  expect(bytes(0)).toBe("0 B");
  expect(bytes(999)).toBe("999 B");
  expect(bytes(1_234_567)).toBe("1.2 MB");
  expect(bytes(999_600)).toBe("1 MB");
  expect(bytes(261_110_000_000)).toBe("261 GB");
  expect(bytes(1_234_567, "de")).toBe("1,2 MB");
});

test("a line's speed is told in bits", () => {
  expect(rate(4_750_000)).toBe("38 Mbit/s");
  expect(rate(0)).toBe("0 bit/s");
});

test("durations are told in the unit that fits", () => {
  expect(duration(240)).toBe("240 ms");
  expect(duration(3_200)).toBe("3.2 s");
  expect(duration(125_000)).toBe("2 min 5 s");
});

describe("relative times", () => {
  const now = Date.UTC(2026, 0, 10, 12);
  test.each([
    [0, "now"],
    [12_000, "12 sec. ago"],
    [26 * 60_000, "26 min. ago"],
    [5 * 3_600_000, "5 hr. ago"],
    [3 * 86_400_000, "3 days ago"],
    [90 * 86_400_000, "2 mo. ago"],
  ])("%i ms ago", (ago, words) => expect(relative(now - ago, now)).toBe(words));

  test("speak German", () => expect(relative(now - 1000, now, "de")).toBe("jetzt"));
});

test("lines of a time axis are named as the reader's language does", () => {
  const at = (hour: number, minute = 0) => new Date(2026, 10, 22, hour, minute).getTime() / 1000;
  const plain = (texts: string[]) => texts.map((text) => text.replace(/[\u202f\u00a0]/g, " "));
  const night = [at(23), at(23, 30), at(24), at(24, 30)];
  expect(plain(ticks(night, 1800, "en"))).toEqual([
    "11:00 PM\nNov 22",
    "11:30 PM",
    "12:00 AM\nNov 23",
    "12:30 AM",
  ]);
  expect(plain(ticks(night, 1800, "de"))).toEqual(["23:00\n22. Nov.", "23:30", "0:00\n23. Nov.", "0:30"]);
  expect(plain(ticks([at(8, 1)], 15, "de"))).toEqual(["8:01:00\n22. Nov."]);
  expect(plain(ticks([at(0), at(24)], 86_400, "en"))).toEqual(["Nov 22", "Nov 23"]);
});
