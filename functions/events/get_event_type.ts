import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { CatalogType, TypePath } from "./event_type.ts";

export const getEventType = endpoint({
  method: "get",
  path: "/types/{type}",
  who: ["user", "agent", "service"],
  tags: ["Event types"],
  summary: "Get one event type",
  request: { params: TypePath },
  problems: ["event_type_not_found"],
  responses: { 200: json(CatalogType, "The event type") },
}, async (c) => {
  const { type } = c.req.valid("param");
  // Constraints of the table hold posted_by and source to the words of CatalogType.
  const found = dataOf(
    await readerOf(c).from("event_types").select().eq("event_type", type).maybeSingle(),
  ) as CatalogType | null;
  if (!found) throw new ApplicationError("event_type_not_found", `"${type}" is no event type.`);
  return c.json(found, 200);
});
