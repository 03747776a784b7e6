import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import type { AppEnvironment } from "./app_environment.ts";
import type { Endpoint } from "./endpoint.ts";
import { noRoute } from "./no_route.ts";
import { Problem, problemResponse } from "./problem.ts";
import { requestLog } from "./request_log.ts";
import { validationError } from "./validation_problem.ts";

export type App = OpenAPIHono<AppEnvironment>;

const corsHeaders = cors({
  origin: "*",
  allowMethods: ["GET", "POST", "PUT", "DELETE"],
  exposeHeaders: [
    "Allow",
    "Idempotency-Replayed",
    "Location",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
  ],
  maxAge: 86_400,
});

/** Adds CORS headers for browsers only: other clients send no Origin and have no use for them. */
const crossOrigin: MiddlewareHandler<AppEnvironment> = function crossOrigin(c, next) {
  return c.req.header("origin") === undefined ? next() : corsHeaders(c, next);
};

/**
 * The app of one edge function. It answers below `/<slug>`, the path that Supabase hands on, with
 * CORS, a request id, one log line per request, and problems for everything that goes wrong.
 */
export function createApp(slug: string, endpoints: readonly Endpoint[]): App {
  const app: App = new OpenAPIHono<AppEnvironment>({
    strict: false,
    defaultHook: (result) => {
      if (!result.success) throw validationError(result.target, result.error);
    },
  }).basePath(`/${slug}`);
  app.onError(problemResponse);
  app.notFound(noRoute(app));
  app.use(requestId({ limitLength: 100 }), requestLog(slug), crossOrigin);
  for (const { route, handler } of endpoints) app.openapi(route, handler);
  app.openAPIRegistry.register("Problem", Problem);
  app.openAPIRegistry.registerComponent("securitySchemes", "user", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The access token of a signed-in user",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "apiKey",
    in: "header",
    name: "apikey",
    description: "A secret key: the backend's, or the named key of an agent",
  });
  return app;
}
