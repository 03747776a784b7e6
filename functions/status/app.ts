import { createApp } from "../../shared/http/app.ts";
import { getStatus } from "./get_status.ts";

/** The `status` function: whether the platform is up, for anyone. */
export const app = createApp("status", [getStatus]);
