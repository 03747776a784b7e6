import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { runCategory } from "../../shared/pricing/run_category.ts";
import { answered, category, CategoryAnalysis } from "./analysis_schema.ts";
import { uuid } from "../../shared/events/envelope.ts";
import { today } from "./today.ts";

const Run = z.strictObject({ category }).openapi("CategoryRun");

const Ran = CategoryAnalysis.extend({
  proposals: z.array(z.object({
    product_id: uuid,
    new_price: z.number(),
    decision_id: uuid,
    status: z.string().openapi({ example: "proposed" }),
    superseded: z.array(uuid).openapi({ description: "Its open proposals that this one replaces" }),
  })),
  refusals: z.array(z.object({ product_id: uuid, code: z.string(), detail: z.string() })).openapi({
    description: "Proposals that were not taken, such as agent_not_allowed without a policy",
  }),
  unchanged: z.array(uuid).openapi({ description: "Products whose proposal was made before" }),
  deferred: z.array(uuid).openapi({
    description: "Products whose price would break their ladder until another one has changed",
  }),
  withdrawn: z.array(uuid).openapi({
    description: "Open proposals that it took back: they do not follow from what is known now",
  }),
}).openapi("CategoryRunOutcome");

export const run = endpoint({
  method: "post",
  path: "/run",
  who: ["staff", "service", "automation"],
  tags: ["Category agent"],
  summary: "Let the agent look at a category and propose prices",
  description: "One proposal for each product whose price should change, as agent:category. A " +
    "second run proposes nothing new while nothing new happened.",
  request: { body: body(Run) },
  responses: { 200: json(Ran, "The analysis and what was proposed") },
}, async (c) => {
  const { category } = c.req.valid("json");
  const { analysis, ...outcome } = await runCategory(adminClient(), category, today());
  return c.json({ ...answered(analysis), ...outcome }, 200);
});
