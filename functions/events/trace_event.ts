import { z } from "@hono/zod-openapi";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { StoredEvent, uuid } from "../../shared/events/envelope.ts";
import { readerOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";

const Traced = StoredEvent.extend({
  depth: z.int().openapi({
    description: "-1 is the cause, -2 its cause; 1 an effect, 2 its effect",
  }),
}).openapi("TracedEvent");

const Trace = z.object({
  event: StoredEvent,
  causes: z.array(Traced).openapi({ description: "The nearest first" }),
  effects: z.array(Traced).openapi({ description: "Breadth first; causation_id is the parent" }),
  correlated: z.array(StoredEvent).openapi({ description: "The correlation group, oldest first" }),
  truncated: z.boolean().openapi({
    description: "There are more than 500 effects or relatives, 20 steps down or 100 up",
  }),
}).openapi("Trace");

export const traceEvent = endpoint({
  method: "get",
  path: "/{id}/trace",
  who: ["staff", "service"],
  tags: ["Events"],
  summary: "Why an event happened, and what it led to",
  request: { params: z.object({ id: uuid }) },
  problems: ["event_not_found"],
  responses: { 200: json(Trace, "Causes, effects and the correlation group") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const trace: z.output<typeof Trace> = dataOf(
    await readerOf(c).rpc("trace_event", { p_event_id: id }),
  );
  if (!trace.event) {
    throw new ApplicationError("event_not_found", `There is no event ${id} to see.`);
  }
  return c.json(trace, 200);
});
