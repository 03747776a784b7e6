import { z } from "@hono/zod-openapi";
import { aggregateTypeName, uuid } from "../../shared/events/envelope.ts";

export const EventPath = z.object({ id: uuid });
export const RebuildPath = z.object({ id: uuid });

/** Why somebody does something; kept in the log. */
export const reason = z.string().trim().min(1, "Expected a reason").max(500)
  .openapi({ pattern: "\\S", example: "Posted twice by mistake" });

/** An act that may carry a reason. */
export const Act = z.strictObject({ reason: reason.optional() }).openapi("Act");

/** An act that must carry one. */
export const ReasonedAct = z.strictObject({ reason }).openapi("ReasonedAct");

export const aggregateTypes = z.array(aggregateTypeName).min(1).max(50);
