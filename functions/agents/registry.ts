import { z } from "@hono/zod-openapi";
import { Policy, Promotion } from "../../shared/agents/policy.ts";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const Registry = z.object({
  all_stopped: z.boolean(),
  agents: z.array(z.object({
    agent: z.string(),
    stopped: z.boolean(),
    open_decisions: z.int(),
    policies: z.array(Policy.extend({ promotion: Promotion })),
  })),
}).openapi("AgentRegistry");

export const registry = endpoint({
  method: "get",
  path: "/",
  who: ["staff", "service"],
  tags: ["Agents"],
  summary: "List the agents and what each may do",
  responses: { 200: json(Registry, "Every agent that has a policy") },
}, async (c) => {
  return c.json(await callSql<z.output<typeof Registry>>(adminClient(), "list_agents", {}), 200);
});
