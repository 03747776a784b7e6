import { createRoute, type RouteConfig, type RouteHandler } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { z } from "zod";
import type { AppEnvironment } from "./app_environment.ts";
import { authenticate, authenticateStream } from "./authenticate.ts";
import type { ErrorCode } from "../errors.ts";
import { jsonBody } from "./json_body.ts";
import type { Audience } from "./principal.ts";
import { problemAnswers } from "./problem_answers.ts";
import { storableUrl } from "./storable_url.ts";

/** A route that says who may call it; `anyone` needs no credential. */
export type EndpointRoute = Omit<RouteConfig, "middleware" | "security"> & {
  who: readonly [Audience, ...Audience[]] | "anyone";
  /** The purpose of a ticket that opens this route instead of a header. */
  ticket?: string;
  /** Problems that do not follow from the rest of the declaration, such as `event_not_found`. */
  problems?: readonly ErrorCode[];
};

/** A route with its handler, ready for {@link createApp}. */
export interface Endpoint {
  route: RouteConfig;
  handler: RouteHandler<RouteConfig, AppEnvironment>;
}

/**
 * Joins a route and its handler. Adds what every route shares: authentication for `who`, the JSON
 * body reader where a body is declared, and to the document who it is for and every problem.
 */
export function endpoint<R extends EndpointRoute>(
  declaration: R,
  handler: RouteHandler<R, AppEnvironment>,
): Endpoint {
  const { who, ticket, problems: _, ...route } = declaration;
  const middleware: MiddlewareHandler<AppEnvironment>[] = [];
  if (who !== "anyone") {
    middleware.push(ticket ? authenticateStream(ticket, ...who) : authenticate(...who));
  }
  if (route.request?.params || route.request?.query) middleware.push(storableUrl());
  if (route.request?.body) middleware.push(jsonBody());
  return {
    route: createRoute({
      ...route,
      middleware,
      security: security(who),
      description: [route.description, audience(who)].filter(Boolean).join("\n\n"),
      responses: { ...route.responses, ...problemAnswers(declaration) },
    }),
    // The handler was checked against its own route above; the list of an app only calls it.
    handler: handler as unknown as Endpoint["handler"],
  };
}

/** A JSON answer or body for a route declaration. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/** A required JSON body for a route declaration, with named examples for the document. */
export function body<Schema extends z.ZodType>(schema: Schema, examples?: Examples) {
  return {
    required: true,
    content: { "application/json": { schema, ...examples && { examples } } },
  };
}

/** Bodies by name; `summary` is one line about each. */
export type Examples = Record<string, { summary: string; value: unknown }>;

const names: Record<Audience, string> = {
  user: "anyone signed in",
  staff: "staff",
  agent: "agents",
  service: "the backend",
  automation: "the database webhook",
};

function audience(who: EndpointRoute["who"]): string {
  return who === "anyone"
    ? "No credential needed."
    : `For ${who.map((one) => names[one]).join(", ")}.`;
}

function security(who: EndpointRoute["who"]): Record<string, string[]>[] {
  if (who === "anyone") return [];
  const signedIn = who.includes("user") || who.includes("staff");
  const keyed = who.some((one) => one === "agent" || one === "service" || one === "automation");
  return [...(signedIn ? [{ user: [] }] : []), ...(keyed ? [{ key: [] }] : [])];
}
