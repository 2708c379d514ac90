import { expect, test } from "vitest";
import {
  beside,
  divided,
  panesOf,
  placesOf,
  without,
  type Splits,
} from "../../src/features/terminal/splits.ts";

const one: Splits<string> = { pane: "a" };
const beside2 = divided(one, "a", "row", "b");

test("a split the same way is one part more, all of one size", () => {
  const three = divided(beside2, "a", "row", "c");
  expect(panesOf(three)).toEqual(["a", "c", "b"]);
  expect(placesOf(three).map(({ width }) => width)).toEqual([1 / 3, 1 / 3, 1 / 3]);
});

test("a split the other way divides that pane alone", () => {
  const places = placesOf(divided(beside2, "b", "column", "c"));
  expect(places).toEqual([
    { pane: "a", left: 0, top: 0, width: 0.5, height: 1 },
    { pane: "b", left: 0.5, top: 0, width: 0.5, height: 0.5 },
    { pane: "c", left: 0.5, top: 0.5, width: 0.5, height: 0.5 },
  ]);
});

test("what is left of a split fills the place of what was closed", () => {
  const three = divided(beside2, "b", "column", "c");
  expect(without(three, "c")).toEqual(beside2);
  expect(without(three, "a")).toEqual({ direction: "column", parts: [{ pane: "b" }, { pane: "c" }] });
  expect(without(one, "a")).toBeNull();
  const four = divided(three, "c", "row", "d");
  const row = without(four, "b");
  expect(row && panesOf(row)).toEqual(["a", "c", "d"]);
  expect(row && placesOf(row).map(({ width }) => width)).toEqual([1 / 3, 1 / 3, 1 / 3]);
});

test("arrows lead to the pane next to one, and nowhere at the edge", () => {
  const grid = divided(divided(beside2, "b", "column", "c"), "a", "column", "d");
  expect(beside(grid, "a", "right")).toBe("b");
  expect(beside(grid, "a", "down")).toBe("d");
  expect(beside(grid, "d", "right")).toBe("c");
  expect(beside(grid, "c", "up")).toBe("b");
  expect(beside(grid, "a", "left")).toBeUndefined();
  const thirds = divided(beside2, "b", "row", "c");
  expect(beside(thirds, "c", "left")).toBe("b");
});
