import { z } from "@hono/zod-openapi";
import { aggregateTypeName, uuid } from "./envelope.ts";
import { cursor, limit } from "./cursor.ts";
import { AUTHOR } from "./identity.ts";
import { inspectJson } from "../http/inspect_json.ts";

const flag = z.enum(["true", "false"]).transform((text) => text === "true")
  .openapi({ type: "boolean" });
const time = z.iso.datetime({
  offset: true,
  error: "Expected a time such as 2025-10-26T09:30:00Z",
});

const containment = z.string().max(4000).transform((text, context) => {
  try {
    const value: unknown = JSON.parse(text);
    inspectJson(value);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Falls through to the one message for everything that data cannot contain.
  }
  context.addIssue({ code: "custom", message: "Expected a JSON object" });
  return z.NEVER;
});

/** JSON Schema's words for a string that is JSON; the library's types do not know them. */
const jsonText = { contentMediaType: "application/json", contentSchema: { type: "object" } };

/** The query of `GET /events`. A filter that is not known is refused, not ignored. */
export const EventFilters = z.strictObject({
  event_type: z.string().max(101)
    .regex(/^[a-z][a-z0-9_]*\.([a-z0-9_]*\*|[a-z][a-z0-9_]*)$/, "Expected order.created or order.*")
    .optional().openapi({ description: "A type, or a prefix with *", example: "order.*" }),
  aggregate_type: aggregateTypeName.optional(),
  aggregate_id: uuid.optional(),
  correlation_id: z.string().min(1).max(255).optional()
    .openapi({ description: "The UUID or the readable key" }),
  causation_id: uuid.optional(),
  created_by: z.string().regex(AUTHOR, "Expected user:<uuid>, agent:<name> or system").optional()
    .openapi({ example: "agent:category" }),
  user_id: uuid.optional(),
  processed: flag.optional(),
  failed: flag.optional().openapi({ description: "Not processed, with an error" }),
  since: time.optional().openapi({ description: "From this time on" }),
  until: time.optional().openapi({ description: "Before this time" }),
  data: containment.optional()
    .openapi({
      description: "JSON that the data contains",
      ...jsonText,
      example: `{"sku":"P-1"}`,
    }),
  order: z.enum(["asc", "desc"]).default("desc")
    .openapi({ description: "By event number; newest first unless asc" }),
  limit,
  cursor: cursor.optional(),
});
export type EventFilters = z.output<typeof EventFilters>;
