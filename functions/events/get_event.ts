import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { StoredEvent, uuid } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

export const getEvent = endpoint({
  method: "get",
  path: "/{id}",
  who: ["user", "agent", "service"],
  tags: ["Events"],
  summary: "Get one event",
  request: { params: z.object({ id: uuid }) },
  problems: ["event_not_found"],
  responses: { 200: json(StoredEvent, "The event") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const event: StoredEvent | null = dataOf(
    await readerOf(c).from("events").select().eq("id", id).maybeSingle(),
  );
  if (!event) throw new ApplicationError("event_not_found", `There is no event ${id} to see.`);
  return c.json(event, 200);
});
