import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import de from "../../src/i18n/de.json" with { type: "json" };
import en from "../../src/i18n/en.json" with { type: "json" };

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, before = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(before + key, value);
    else for (const [inner, text] of flat(value, `${before}${key}.`)) found.set(inner, text);
  }
  return found;
}

const english = flat(en);
const german = flat(de);
const holes = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

test("both languages have the same sentences", () => {
  expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
});

test("a translation has the holes of its original", () => {
  for (const [key, text] of english) expect([key, holes(german.get(key) ?? "")]).toEqual([key, holes(text)]);
});

test("no sentence shouts, and none is empty", () => {
  for (const [key, text] of [...english, ...german]) {
    expect(text.trim(), key).not.toBe("");
    expect(text, key).not.toMatch(/!|invalid input|operation failed/i);
  }
});

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.(tsx?|rs)$/.test(name) && name !== "catalogue.rs" ? [readFileSync(path, "utf8")] : [];
  });
}

test("every sentence is used somewhere", () => {
  // Tray and notifications take theirs from the same catalogue.
  const code = ["../../src", "../../../src-tauri/src"]
    .flatMap((folder) => sources(fileURLToPath(new URL(folder, import.meta.url))))
    .join("\n");
  // Names that are put together from a beginning and a value.
  const begun = [...code.matchAll(/[`"]([a-zA-Z]+(?:\.[a-zA-Z]+)*)\.\$?\{/g)].map(([, start]) => `${start}.`);
  const unused = [...english.keys()].filter((key) => {
    const plain = key.replace(/_(one|other)$/, "");
    const used = code.includes(`"${plain}"`);
    // The names of actions are the engine's own.
    return !used && !key.startsWith("activity.action.") && !begun.some((start) => key.startsWith(start));
  });
  expect(unused).toEqual([]);
});
