import type { Context } from "hono";
import type { ErrorCode } from "../errors.ts";
import type { Principal } from "./principal.ts";

/** What middleware leaves for handlers. `principal` exists on every route that is not for anyone. */
export interface AppEnvironment {
  Variables: {
    requestId: string;
    principal: Principal;
    token: string | null;
    problemCode: ErrorCode | undefined;
  };
}

export type AppContext = Context<AppEnvironment>;
