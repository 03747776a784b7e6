import type { NotFoundHandler } from "hono";
import { ApplicationError } from "../errors.ts";
import type { App } from "./app.ts";
import type { AppEnvironment } from "./app_environment.ts";
import { problemResponse } from "./problem.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Tells a path that does not exist (404) from a method that is not offered there (405). */
export function noRoute(app: App): NotFoundHandler<AppEnvironment> {
  return (c) => {
    const offered = METHODS.filter((method) => handles(app, method, c.req.path));
    if (offered.length === 0) {
      return problemResponse(new ApplicationError("not_found", "There is no such path."), c);
    }
    const error = new ApplicationError("method_not_allowed", `Use ${offered.join(" or ")}.`, {
      headers: { Allow: [...offered, "OPTIONS"].join(", ") },
    });
    return problemResponse(error, c);
  };
}

/** Whether a route of this method, not just middleware for all methods, matches the path. */
function handles(app: App, method: string, path: string): boolean {
  const [handlers] = app.router.match(method, path);
  return handlers.some(([[, route]]) => route.method !== "ALL");
}
