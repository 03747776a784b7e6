import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queries } from "./queries.ts";
import { Portal } from "./session/portal.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
const root = document.getElementById("portal");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Portal />
      </QueryClientProvider>
    </StrictMode>,
  );
}
