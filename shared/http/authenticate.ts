import type { MiddlewareHandler } from "hono";
import { adminClient, callerClient, type DatabaseClient } from "../database/client.ts";
import { dataOf } from "../database/sqlstate.ts";
import { ApplicationError } from "../errors.ts";
import type { AppContext, AppEnvironment } from "./app_environment.ts";
import { identify } from "./credentials.ts";
import type { Audience, Principal } from "./principal.ts";
import { redeemTicket } from "./ticket.ts";

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
    await admit(principal, token, allowed);
    c.set("principal", principal);
    c.set("token", token);
    await next();
  };
}

/**
 * Like {@link authenticate}, for a stream that a browser opens by its URL alone: `?ticket=` is as
 * good as a header, for this purpose only.
 */
export function authenticateStream(
  purpose: string,
  ...audience: Audience[]
): MiddlewareHandler<AppEnvironment> {
  const allowed = new Set(audience);
  const byHeader = authenticate(...audience);
  return async function authenticateStream(c, next) {
    const ticket = c.req.query("ticket");
    if (ticket === undefined) return await byHeader(c, next);
    const principal = await redeemTicket(purpose, ticket, Date.now());
    await admit(principal, null, allowed);
    c.set("principal", principal);
    c.set("token", null);
    await next();
  };
}

/**
 * Refuses a principal that is not of the audience.
 *
 * @throws ApplicationError `forbidden` (403)
 */
export async function admit(
  principal: Principal,
  token: string | null,
  allowed: ReadonlySet<Audience>,
): Promise<void> {
  if (allowed.has(principal.kind)) return;
  if (principal.kind === "user" && allowed.has("staff") && await isStaff(principal.userId, token)) {
    return;
  }
  throw new ApplicationError("forbidden", `This is for ${[...allowed].join(", ")} only.`);
}

/** Whether a user is staff now, as `user_roles` says: one round trip. */
export async function isStaff(userId: string, token: string | null): Promise<boolean> {
  const answer = token
    ? await callerClient(token).rpc("am_i_staff")
    : await adminClient().rpc("is_staff", { p_user_id: userId });
  return dataOf(answer) === true;
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
