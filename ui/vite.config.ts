import react from "@vitejs/plugin-react";
import tailwindcss from "@tailwindcss/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { firstPageFits } from "./build/first-page.ts";

const source = fileURLToPath(new URL("./src", import.meta.url));

// `--mode mock` puts an in-memory stand-in where the commands of the desktop program are: pages in a plain browser.
export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwindcss(), ...(mode === "mock" ? [] : [firstPageFits()])],
  resolve: { alias: { "@": source } },
  define: { __MOCK__: JSON.stringify(mode === "mock") },
  clearScreen: false,
  server: { port: 1420, strictPort: true },
  build: { target: "es2022", sourcemap: false, reportCompressedSize: false, chunkSizeWarningLimit: 700 },
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["tests/unit/**/*.test.ts"], environment: "node" } },
      ...["pages", "shots"].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          environment: "node" as const,
          globalSetup: "tests/support/serve.ts",
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
}));
