import { expect, test } from "vitest";
import { summed } from "../../src/features/traffic/rates.ts";

const sample = (at: number, speed: number) => ({ at, received: speed, sent: 2 * speed });

test("the traffic of peers is summed, and looks that follow at once are one", () => {
  const attic = [sample(20_000, 100), sample(21_500, 300), sample(40_000, 50)];
  const cellar = [sample(22_000, 10)];
  expect(summed([attic, cellar])).toEqual([
    { at: 20_000, received: 210, sent: 420 },
    { at: 40_000, received: 50, sent: 100 },
  ]);
  expect(summed([])).toEqual([]);
});
