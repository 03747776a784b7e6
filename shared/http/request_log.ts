import type { MiddlewareHandler } from "hono";
import type { AppEnvironment } from "./app_environment.ts";

/** Writes one line of JSON per request: no body, no query, no credential. */
export function requestLog(slug: string): MiddlewareHandler<AppEnvironment> {
  return async function requestLog(c, next) {
    const started = performance.now();
    await next();
    const { status } = c.res;
    const principal = c.get("principal");
    console.log(JSON.stringify({
      level: status >= 500 ? "error" : "info",
      time: new Date().toISOString(),
      function: slug,
      request_id: c.get("requestId"),
      method: c.req.method,
      path: c.req.path,
      status,
      code: c.get("problemCode"),
      by: principal && ("createdBy" in principal ? principal.createdBy : principal.kind),
      ms: Math.round((performance.now() - started) * 10) / 10,
    }));
  };
}
