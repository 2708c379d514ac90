import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

const folder = fileURLToPath(new URL("../../dist-mock", import.meta.url));

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
};

declare module "vitest" {
  interface ProvidedContext {
    /** Where the pages are served: a port that was free. */
    pages: string;
  }
}

/** What the program's own window allows; pages are tested under it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The test runner's own NODE_ENV would give React's build for development, which nobody uses the program with. */
async function buildAsShipped(): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = "production";
  try {
    await build({ mode: "mock", logLevel: "warn", build: { outDir: "dist-mock" } });
  } finally {
    process.env.NODE_ENV = before;
  }
}

/** Builds the pages over the stand-in and serves them as the program does: what is no file is the page. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  if (!process.env.WIREWARP_UI_BUILT) await buildAsShipped();
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const wanted = join(folder, path);
    const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, "index.html");
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  project.provide("pages", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return () => new Promise((done) => server.close(() => done()));
}
