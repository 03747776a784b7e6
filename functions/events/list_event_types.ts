import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { aggregateTypeName } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { CatalogType } from "./event_type.ts";

export const listEventTypes = endpoint({
  method: "get",
  path: "/types",
  who: ["user", "agent", "service"],
  tags: ["Event types"],
  summary: "Get the event type catalog",
  request: { query: z.strictObject({ aggregate_type: aggregateTypeName.optional() }) },
  responses: {
    200: json(
      z.object({ event_types: z.array(CatalogType) }).openapi("Catalog"),
      "Every event type, by name",
    ),
  },
}, async (c) => {
  const { aggregate_type } = c.req.valid("query");
  const types = readerOf(c).from("event_types").select().order("event_type");
  // Constraints of the table hold posted_by and source to the words of CatalogType.
  const event_types = dataOf(
    await (aggregate_type === undefined ? types : types.eq("aggregate_type", aggregate_type)),
  ) as CatalogType[];
  return c.json({ event_types }, 200);
});
