import { expect, test } from "vitest";
import { compare } from "../../src/components/table/sort.ts";
import { readSort, sorted, writeSort } from "../../src/components/table/sort.ts";
import { fieldError, suggestName } from "../../src/features/login/login.ts";
import { findLinks, placeLinks } from "../../src/features/terminal/links.ts";
import { sizeOf } from "../../src/features/terminal/use-keys.ts";
import { matches } from "../../src/frame/palette-match.ts";
import { forwardsSearch } from "../../src/routes/search.ts";
import { overlap, ranges } from "../../src/api/mock/ports.ts";

test("text is sorted as people count", () => {
  expect(["nyc10", "nyc2", "NYC1"].sort(compare)).toEqual(["NYC1", "nyc2", "nyc10"]);
  expect(["203.0.113.10", "203.0.113.9"].sort(compare)).toEqual(["203.0.113.9", "203.0.113.10"]);
});

test("a sorting stands in the address unless it is the usual one", () => {
  expect(readSort(undefined, "name")).toEqual({ id: "name", desc: false });
  expect(readSort("-traffic", "name")).toEqual({ id: "traffic", desc: true });
  expect(writeSort({ id: "name", desc: false }, "name")).toBeUndefined();
  expect(writeSort({ id: "name", desc: true }, "name")).toBe("-name");
});

test("rows are ordered anew once what their order rests on has changed, and not before", () => {
  const rows = ["a", "b"];
  const by = (late: string) => ({
    id: "status",
    header: "",
    track: "",
    sort: (row: string) => Number(row === late),
    rests: late,
    cell: () => null,
  });
  const up = { id: "status", desc: false };
  const first = sorted(rows, by("a"), up);
  expect(first).toEqual(["b", "a"]);
  expect(sorted(rows, by("a"), up)).toBe(first);
  expect(sorted(rows, by("b"), up)).toEqual(["a", "b"]);
});

test("a name is suggested from what was typed, but not from an address", () => {
  expect(suggestName("nyc.example.org")).toBe("nyc");
  expect(suggestName("Debian_2GB NYC")).toBe("debian-2gb-nyc");
  expect(suggestName("203.0.113.10")).toBe("");
});

test("a mistake is told at the field it is about", () => {
  const error = { code: "bad_input.port", message: "“x” is not a port", hints: [] };
  expect(fieldError(error, "port", "ports")).toBe("“x” is not a port");
  expect(fieldError(error, "user")).toBeUndefined();
  expect(fieldError(null, "port")).toBeUndefined();
});

test("links end where the sentence goes on", () => {
  expect(findLinks("see https://example.org/a(b)?c=1, or (http://x.test/y).")).toEqual([
    { url: "https://example.org/a(b)?c=1", start: 4, end: 32 },
    { url: "http://x.test/y", start: 38, end: 53 },
  ]);
  expect(findLinks("javascript:alert(1) file:///etc/passwd")).toEqual([]);
});

test("the palette finds by every word, names that begin so first", () => {
  const all = [
    { id: "1", name: "the attic", detail: "10.0.0.2" },
    { id: "2", name: "attic", detail: "10.0.0.3" },
    { id: "3", name: "garage", detail: "10.0.0.4" },
  ];
  expect(matches(all, "attic", 5).map((one) => one.id)).toEqual(["2", "1"]);
  expect(matches(all, "10.0 gar", 5).map((one) => one.id)).toEqual(["3"]);
  expect(matches(all, "nothing", 5)).toEqual([]);
});

test("an address with values that nobody knows still opens the page", () => {
  expect(forwardsSearch({ view: "cube", state: "on", open: 7 })).toMatchObject({
    view: undefined,
    state: "on",
    open: "7",
  });
});

test("the stand-in reads ports as the program does", () => {
  expect(ranges("80,443")).toHaveLength(2);
  expect(ranges("8000-8010->9000")).toEqual([{ first: 8000, last: 8010 }]);
  expect(ranges("0")).toBeNull();
  expect(ranges("9-1")).toBeNull();
  expect(overlap({ ports: "80-90", protocols: "both" }, { ports: "85", protocols: "udp" })).toEqual({
    protocol: "udp",
    range: { first: 85, last: 85 },
  });
  expect(overlap({ ports: "80", protocols: "tcp" }, { ports: "80", protocols: "udp" })).toBeNull();
  expect(overlap({ ports: "", protocols: "all" }, { ports: "80", protocols: "udp" })?.range.first).toBe(80);
});

test("an address that the screen broke into rows is one link", () => {
  const rows = ["see https://ex", "ample.org/a/b/", "c."];
  expect(placeLinks(rows, 14, 5)).toEqual([
    { url: "https://example.org/a/b/c", start: { x: 5, y: 5 }, end: { x: 1, y: 7 } },
  ]);
});

test("letters of a terminal grow and shrink within their limits", () => {
  expect([sizeOf("+", 13), sizeOf("-", 13), sizeOf("0", 20), sizeOf("a", 13)]).toEqual([14, 12, 13, null]);
  expect([sizeOf("+", 32), sizeOf("-", 8)]).toEqual([32, 8]);
});
