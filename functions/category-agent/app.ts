import { createApp } from "../../shared/http/app.ts";
import { analysis } from "./analysis.ts";
import { run } from "./run.ts";
import { wake } from "./wake.ts";

/** The `category-agent` function: the agent that finds the prices of product categories. */
export const app = createApp("category-agent", [analysis, run, wake]);
