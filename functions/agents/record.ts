import { z } from "@hono/zod-openapi";
import { type Case } from "../../shared/agents/autonomy/calibration.ts";
import { judge, requirements } from "../../shared/agents/autonomy/verdict.ts";
import { Policy, Promotion } from "../../shared/agents/policy.ts";
import { callSql } from "../../shared/database/call_sql.ts";
import { adminClient } from "../../shared/database/client.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { AgentPath } from "./paths.ts";

const share = z.number();
const names = z.enum(["cases", "lower_bound", "brier_score", "calibration_error"]);

const Figures = z.object({
  cases: z.int(),
  successes: z.int().openapi({
    description: "Approved as proposed and nothing bad came of it. What the policy executed is a " +
      "case once its outcome is measured",
  }),
  lower_bound: share.openapi({ description: "Wilson, 95 %, of the share of successes" }),
  brier_score: share.nullable(),
  calibration_error: share.nullable(),
  reliability: z.array(z.object({
    from: share,
    to: share,
    cases: z.int(),
    mean_confidence: share,
    success_share: share,
  })),
  missing: z.array(names).openapi({ description: "Requirements of a promotion not met" }),
  drifting: z.boolean(),
}).openapi("RecordFigures");

const AgentRecord = z.object({
  agent: z.string(),
  requirements: z.record(names, z.number()),
  decision_types: z.array(z.object({
    decision_type: z.string(),
    policy: Policy,
    promotion: Promotion,
    statuses: z.record(z.string(), z.int()).openapi({ description: "Decisions by status" }),
    since_policy: Figures.openapi({ description: "Since the policy was set: this counts" }),
    all_time: Figures.openapi({ description: "Of the latest 1000 cases" }),
  })),
}).openapi("AgentRecord");

interface Entry {
  decision_type: string;
  policy: Policy;
  promotion: z.output<typeof Promotion>;
  statuses: Record<string, number>;
  cases: Case[];
  all_cases: Case[];
}

export const record = endpoint({
  method: "get",
  path: "/{name}/record",
  who: ["staff", "agent", "service"],
  tags: ["Agents"],
  summary: "Get the record of an agent",
  description: "What it has earned, and what is missing for more. An agent sees its own.",
  request: { params: AgentPath },
  responses: { 200: json(AgentRecord, "The record") },
}, async (c) => {
  const { name: agent } = c.req.valid("param");
  const { principal } = c.var;
  if (principal.kind === "agent" && principal.name !== agent) {
    throw new ApplicationError("forbidden", `This key is agent ${principal.name}'s.`);
  }
  const entries = await callSql<Entry[]>(adminClient(), "agent_record", { p_agent: agent });
  const decision_types = entries.map(({ cases, all_cases, ...entry }) => ({
    ...entry,
    since_policy: judge(cases),
    all_time: judge(all_cases),
  }));
  return c.json({ agent, requirements: { ...requirements }, decision_types }, 200);
});
