import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";
import { compressed, firstPage, LIMIT } from "../../build/first-page.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("the first page is less than 250 kB compressed, and nothing of the stand-in is in the program", async () => {
  // As for a release: the test runner's own mode would bring React's checks in.
  process.env.NODE_ENV = "production";
  const built = (await build({
    root,
    mode: "production",
    logLevel: "error",
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const bundle = Object.fromEntries(built.output.map((part) => [part.fileName, part]));
  const files = firstPage(bundle);
  expect(files.length).toBeGreaterThan(2);
  const bytes = compressed(bundle, files);
  // Of the fonts a Latin page fetches one file each; woff2 is compressed already.
  const fonts = built.output.filter((part) => /(inter|jetbrains-mono)-latin-wght/.test(part.fileName));
  const letters = fonts.reduce((sum, part) => sum + (part.type === "asset" ? part.source.length : 0), 0);
  console.info(
    `first page: ${Math.round(bytes / 1000)} kB of scripts and styles, ${Math.round(letters / 1000)} kB of fonts`,
  );
  expect(bytes).toBeLessThan(LIMIT);
  const modules = built.output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
  expect(modules.filter((id) => id.includes("/api/mock/"))).toEqual([]);
}, 60_000);

test("a first page that grew too large fails the build", () => {
  const chunk = (fileName: string, code: string, imports: string[] = []) =>
    ({
      type: "chunk",
      fileName,
      code,
      imports,
      isEntry: fileName === "entry.js",
      facadeModuleId: null,
    }) as never;
  const bundle: Rolldown.OutputBundle = {
    "entry.js": chunk("entry.js", "a", ["shared.js"]),
    "shared.js": chunk("shared.js", "b"),
    "terminal.js": chunk("terminal.js", "c"),
  };
  expect(firstPage(bundle)).toEqual(["entry.js", "shared.js"]);
  expect(compressed(bundle, ["entry.js", "shared.js"])).toBe(2 * gzipSync("a").length);
});
