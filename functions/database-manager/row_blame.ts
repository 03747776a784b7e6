import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { uuid } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const RowPath = z.object({
  table: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, "Expected a table name"),
  id: z.string().min(1).max(200).openapi({ description: "Its key; several columns joined by :" }),
});
const Query = z.strictObject({ field: z.string().max(63).optional() });

const FieldBlame = z.object({
  value: z.json().openapi("Json"),
  event_id: uuid,
  event_number: z.int(),
  operation: z.string(),
  changed_at: z.string().openapi({ format: "date-time" }),
}).openapi("FieldBlame");
const Blame = z.object({
  table: z.string(),
  row_id: z.string(),
  fields: z.record(z.string(), FieldBlame),
}).openapi("RowBlame");

export const rowBlame = endpoint({
  method: "get",
  path: "/rows/{table}/{id}/blame",
  who: ["staff", "service"],
  tags: ["Database Manager"],
  summary: "Which event last changed each field of a row",
  request: { params: RowPath, query: Query },
  problems: ["row_not_found"],
  responses: { 200: json(Blame, "The event behind each field") },
}, async (c) => {
  const { table, id } = c.req.valid("param");
  const { field } = c.req.valid("query");
  const all: z.output<typeof Blame>["fields"] = dataOf(
    await readerOf(c).rpc("row_blame", { p_table: table, p_row_id: id }),
  );
  const fields = field === undefined
    ? all
    : Object.fromEntries(Object.entries(all).filter(([name]) => name === field));
  if (Object.keys(fields).length === 0) {
    throw new ApplicationError("row_not_found", `No event has changed ${table} ${id} there.`);
  }
  return c.json({ table, row_id: id, fields }, 200);
});
