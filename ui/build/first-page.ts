import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

/** Bytes, compressed: what may be fetched before the first page stands. Fonts are not in it; they are woff2 already. */
export const LIMIT = 250_000;

/** What the first page fetches: the entry and the dashboard with all that they import, the way to the program, styles. */
export function firstPage(bundle: Rolldown.OutputBundle): string[] {
  const needed = new Set<string>();
  const take = (name: string) => {
    const chunk = bundle[name];
    if (chunk?.type !== "chunk" || needed.has(name)) return;
    needed.add(name);
    chunk.imports.forEach(take);
    chunk.viteMetadata?.importedCss.forEach((css) => needed.add(css));
  };
  for (const chunk of Object.values(bundle)) {
    if (chunk.type !== "chunk") continue;
    const from = chunk.facadeModuleId ?? "";
    if (chunk.isEntry || /features\/dashboard\/page\.tsx$|api\/tauri\.ts$/.test(from)) take(chunk.fileName);
  }
  return [...needed];
}

export function compressed(bundle: Rolldown.OutputBundle, names: string[]): number {
  return names.reduce((sum, name) => {
    const part = bundle[name];
    const text = part?.type === "chunk" ? part.code : (part?.source ?? "");
    return sum + gzipSync(text).length;
  }, 0);
}

/** Says how large the first page is, and fails a build in which it is too large. */
export function firstPageFits(): Plugin {
  return {
    name: "first-page-fits",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const bytes = compressed(bundle, firstPage(bundle));
        const kilobytes = (count: number) => `${Math.round(count / 1000)} kB`;
        this.info(`first page: ${kilobytes(bytes)} of ${kilobytes(LIMIT)} compressed`);
        if (bytes > LIMIT)
          this.error(`The first page has ${kilobytes(bytes)} compressed; ${kilobytes(LIMIT)} are allowed.`);
      },
    },
  };
}
