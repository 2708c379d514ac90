import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import en from "../../src/i18n/en.json" with { type: "json" };

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const guide = read("../../../docs/guide.md");

/** Words in bold that are no button, but begin a paragraph. */
const PLAIN = /[.:]$|^(A VPS|A machine at home|VPS|peer|port forward)$/;

function sentences(tree: object): string[] {
  return Object.values(tree).flatMap((value) =>
    typeof value === "string" ? [value] : sentences(value as object),
  );
}

test("what the guide calls by name is called so in the window", () => {
  const shown = sentences(en).map((text) => text.replace(/[.*+?^$()[\]\\|]/g, "\\$&"));
  const patterns = shown.map((text) => new RegExp(`^${text.replace(/\{\{\w+\}\}/g, ".+")}$`));
  const bold = [...guide.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text]) => (text ?? "").replace(/\s+/g, " "));
  expect(bold.length).toBeGreaterThan(40);
  // A sentence that is one hole alone fits everything.
  const known = patterns.filter((pattern) => pattern.source !== "^.+$");
  expect(bold.filter((text) => !PLAIN.test(text) && !known.some((one) => one.test(text)))).toEqual([]);
});

test("its links lead somewhere", () => {
  const headings = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
    (text ?? "")
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
  for (const [, target] of guide.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target);
});
