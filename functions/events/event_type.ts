import { z } from "@hono/zod-openapi";
import { aggregateTypeName, eventTypeName, jsonObject } from "../../shared/events/envelope.ts";

/** An event type as the catalog has it: a row of `event_types`. */
export const CatalogType = z.object({
  event_type: eventTypeName,
  aggregate_type: aggregateTypeName,
  description: z.string().openapi({ example: "A product was added to the range." }),
  json_schema: jsonObject.openapi({ description: "JSON Schema 2020-12 of the data" }),
  example: jsonObject,
  schema_version: z.int(),
  posted_by: z.array(z.enum(["user", "staff", "agent", "service"])),
  active: z.boolean(),
  source: z.enum(["code", "registered"]),
  created_at: z.string().openapi({ format: "date-time" }),
  updated_at: z.string().openapi({ format: "date-time" }),
}).openapi("EventType");
export type CatalogType = z.output<typeof CatalogType>;

/** The path of one event type. */
export const TypePath = z.object({ type: eventTypeName });
