import { z } from "@hono/zod-openapi";
import { Decision } from "../../shared/agents/decision.ts";
import {
  DecisionFilters,
  getDecision,
  listDecisions,
  StandingDecision,
} from "../../shared/agents/decisions.ts";
import { adminClient } from "../../shared/database/client.ts";
import { uuid } from "../../shared/events/envelope.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { DecisionPath } from "./paths.ts";

const DecisionPage = z.object({
  decisions: z.array(Decision),
  next: uuid.nullable().openapi({ description: "Pass as cursor; null after the last page" }),
}).openapi("DecisionPage");

export const list = endpoint({
  method: "get",
  path: "/decisions",
  who: ["staff", "agent", "service"],
  tags: ["Agents"],
  summary: "List decisions, newest first",
  description: "An agent sees its own.",
  request: { query: DecisionFilters },
  responses: { 200: json(DecisionPage, "A page") },
}, async (c) => {
  return c.json(await listDecisions(adminClient(), c.var.principal, c.req.valid("query")), 200);
});

export const get = endpoint({
  method: "get",
  path: "/decisions/{id}",
  who: ["staff", "agent", "service"],
  tags: ["Agents"],
  summary: "Get a decision, and how it stands",
  description: "From its events, to the latest: whether its targets have moved, and which policy " +
    "applies. An agent sees its own.",
  request: { params: DecisionPath },
  problems: ["decision_not_found"],
  responses: { 200: json(StandingDecision, "The decision") },
}, async (c) => {
  return c.json(await getDecision(adminClient(), c.var.principal, c.req.valid("param").id), 200);
});
