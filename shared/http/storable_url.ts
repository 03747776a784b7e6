import type { MiddlewareHandler } from "hono";
import { ApplicationError } from "../errors.ts";
import type { AppEnvironment } from "./app_environment.ts";

/**
 * Refuses a path or query that holds U+0000, as the body reader does: PostgreSQL has no room for it.
 *
 * @throws ApplicationError `invalid_parameter` (400)
 */
export function storableUrl(): MiddlewareHandler<AppEnvironment> {
  return async function storableUrl(c, next) {
    if (c.req.url.includes("%00")) {
      throw new ApplicationError("invalid_parameter", "The address holds the character U+0000.");
    }
    await next();
  };
}
