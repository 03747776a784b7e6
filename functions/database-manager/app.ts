import { createApp } from "../../shared/http/app.ts";
import { wakeUp } from "./wake_up.ts";

export const app = createApp("database-manager", [wakeUp]);
