import { z } from "@hono/zod-openapi";
import { slug, text } from "../../shared/domain/fields.ts";
import { uuid } from "../../shared/events/envelope.ts";

/** Text for people; documented by the part of its pattern that every tool knows. */
export function words(max: number) {
  return text(max).openapi({ pattern: "\\S" });
}

const agent = slug.openapi({ example: "category" });

/** The path of one decision. */
export const DecisionPath = z.object({ id: uuid });

/** The path of one agent. */
export const AgentPath = z.object({ name: agent });

/** The path of what one agent may do in one type of decision. */
export const PolicyPath = z.object({
  name: agent,
  decision_type: slug.openapi({ example: "price_change" }),
});

/** The body of an act that needs a reason. */
export const Reasoned = z.strictObject({ reason: words(500) }).openapi("ReasonedStop", {
  example: { reason: "It reads yesterday's prices" },
});

/** What a person may add to an answer. */
export const note = words(2000).optional();
