import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { expect, test } from "vitest";

const LIMIT = 250_000;
const out = fileURLToPath(new URL("../../dist", import.meta.url));

/** What the first page fetches: the entry, all that it imports, the dashboard and what that imports; styles and fonts. */
function firstPage(chunks: Map<string, Rolldown.OutputChunk>): Set<string> {
  const needed = new Set<string>();
  const take = (name: string) => {
    const chunk = chunks.get(name);
    if (!chunk || needed.has(name)) return;
    needed.add(name);
    chunk.imports.forEach(take);
    chunk.viteMetadata?.importedCss.forEach((css) => needed.add(css));
  };
  for (const chunk of chunks.values()) {
    const isDashboard = chunk.facadeModuleId?.endsWith("features/dashboard/page.tsx");
    const isTransport = chunk.facadeModuleId?.endsWith("api/tauri.ts");
    if (chunk.isEntry || isDashboard || isTransport) take(chunk.fileName);
  }
  return needed;
}

test("the first page is less than 250 kB compressed, and nothing of the stand-in is in the program", async () => {
  // As for a release: the test runner's own mode would bring React's checks in.
  process.env.NODE_ENV = "production";
  const built = (await build({
    mode: "production",
    logLevel: "error",
    build: { write: true },
  })) as Rolldown.RolldownOutput;
  const chunks = new Map(
    built.output.flatMap((part) => (part.type === "chunk" ? [[part.fileName, part] as const] : [])),
  );
  const files = [...firstPage(chunks)];
  expect(files.length).toBeGreaterThan(2);
  const scripts = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).length, 0);
  // Of the fonts a Latin page fetches one file each; woff2 is compressed already.
  const fonts = built.output.filter((part) => /(inter|jetbrains-mono)-latin-wght/.test(part.fileName));
  const letters = fonts.reduce((sum, part) => sum + readFileSync(join(out, part.fileName)).length, 0);
  console.info(
    `first page: ${Math.round(scripts / 1000)} kB of scripts and styles, ${Math.round(letters / 1000)} kB of fonts`,
  );
  expect(scripts).toBeLessThan(LIMIT);
  const modules = [...chunks.values()].flatMap((chunk) => chunk.moduleIds);
  expect(modules.filter((id) => id.includes("/api/mock/"))).toEqual([]);
}, 60_000);
