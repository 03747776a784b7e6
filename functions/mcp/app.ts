import { createApp } from "../../shared/http/app.ts";
import { authenticate } from "../../shared/http/authenticate.ts";
import { serve } from "./serve.ts";

/**
 * The `mcp` function: the platform for AI assistants, by the Model Context Protocol. Streamable
 * HTTP without sessions: every POST stands alone, GET and DELETE have nothing to say (405).
 * Its one path speaks JSON-RPC, so it is described by `tools/list` and not by OpenAPI.
 */
export const app = createApp("mcp", []);

app.post("/", authenticate("user", "agent", "service"), serve);
