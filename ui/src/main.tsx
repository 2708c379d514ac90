import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "./styles/index.css";
import { connect, queryClient } from "./api/start";
import { paintEarly } from "./frame/appearance";
import { startI18n } from "./i18n";
import { makeRouter } from "./routes/router";

paintEarly();

async function start(root: HTMLElement) {
  await Promise.all([connect(), startI18n()]);
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) void start(root);
