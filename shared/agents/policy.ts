import { z } from "@hono/zod-openapi";
import { policyTerms } from "../domain/agent.ts";
import { slug } from "../domain/fields.ts";
import { StoredEvent } from "../events/envelope.ts";

/** What an agent may do in one type of decision, as it holds now. */
export const Policy = z.object({
  agent: slug,
  decision_type: slug,
  ...policyTerms.shape,
  version: z.int().openapi({ description: "Version of the agent_policy that set it" }),
  since: z.string().openapi({ format: "date-time" }),
}).openapi("AgentPolicy");
export type Policy = z.output<typeof Policy>;

/** A promotion that waits for a signature. */
export const Promotion = z.union([StoredEvent, z.null()]).openapi({
  description: "The event agent.promotion_proposed that waits for a signature",
});
