import type { MiddlewareHandler } from "hono";
import { adminClient, callerClient, type DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { ApplicationError } from "../errors.ts";
import type { AppContext, AppEnvironment } from "./app_environment.ts";
import { identify } from "./credentials.ts";
import type { Audience } from "./principal.ts";

/**
 * Lets in only the given audience and leaves `principal` and `token` in the context.
 * Staff is asked of the database at every request (one round trip), so that rights end at once;
 * a route that is also for `user` leaves that question to row-level security.
 *
 * @throws ApplicationError `unauthenticated` (401), `forbidden` (403)
 */
export function authenticate(...audience: Audience[]): MiddlewareHandler<AppEnvironment> {
  const allowed = new Set(audience);
  return async function authenticate(c, next) {
    const { principal, token } = await identify(c.req.raw);
    if (!allowed.has(principal.kind)) {
      if (principal.kind !== "user" || !allowed.has("staff") || !await isStaff(token)) {
        throw new ApplicationError("forbidden", `This is for ${audience.join(", ")} only.`);
      }
    }
    c.set("principal", principal);
    c.set("token", token);
    await next();
  };
}

/** Whether the user of this token is staff now, as `user_roles` says. */
async function isStaff(token: string | null): Promise<boolean> {
  if (!token) return false;
  return dataOf(await callerClient(token).rpc("am_i_staff")) === true;
}

/**
 * The client to read with: a user reads as themselves under row-level security; agents and the
 * backend, who have no user, read everything.
 */
export function readerOf(c: AppContext): DatabaseClient {
  const token = c.get("token");
  return token ? callerClient(token) : adminClient();
}

/** `created_by` of what this request does; `system` for the backend. */
export function actorOf(c: AppContext): string {
  const principal = c.get("principal");
  return "createdBy" in principal ? principal.createdBy : "system";
}
