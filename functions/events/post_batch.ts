import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { appendEvents, appendProblems } from "../../shared/events/append.ts";
import { PostedEvent, StoredEvent } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { LONGEST_KEY } from "../../shared/http/idempotency_key.ts";
import { waitSeconds } from "../../shared/http/prefer.ts";
import { PostingHeaders } from "./posting_headers.ts";
import { waitUntilProcessed } from "./processed.ts";

/** The most events one batch stores. */
const MOST_EVENTS = 1000;

const Batch = z.strictObject({ events: z.array(PostedEvent).min(1).max(MOST_EVENTS) })
  .openapi("Batch");
const StoredBatch = z.object({ events: z.array(StoredEvent) }).openapi("StoredBatch");

export const postBatch = endpoint({
  method: "post",
  path: "/batch",
  who: ["user", "agent", "service"],
  tags: ["Events"],
  summary: "Post several events",
  description: "Stores all events or none, in the given order. With the header " +
    "`Idempotency-Key: K`, event i (from 0) has the key `K#i` unless it has its own.",
  request: { headers: PostingHeaders, body: body(Batch) },
  problems: appendProblems,
  responses: {
    200: json(StoredBatch, "Posted before with these idempotency keys"),
    201: json(StoredBatch, "Stored"),
    202: json(StoredBatch, "Stored, and not all projected when the wait was over"),
  },
}, async (c) => {
  const headers = c.req.valid("header");
  const seconds = waitSeconds(headers.prefer);
  const posted = withKeys(c.req.valid("json").events, headers["idempotency-key"]);
  const database = adminClient();
  const { events, replayed } = await appendEvents(
    database,
    c.var.principal,
    posted,
    (index) => `/events/${index}`,
  );
  if (replayed) c.header("Idempotency-Replayed", "true");
  if (seconds === null) return c.json({ events }, replayed ? 200 : 201);
  c.header("Preference-Applied", `wait=${seconds}`);
  const waited = await waitUntilProcessed(database, events, seconds);
  return c.json({ events: waited.events }, !waited.done ? 202 : replayed ? 200 : 201);
});

function withKeys(events: PostedEvent[], key: string | undefined): PostedEvent[] {
  if (key === undefined) return events;
  if (key.length + `#${MOST_EVENTS - 1}`.length > LONGEST_KEY) {
    throw new ApplicationError("invalid_parameter", "The key leaves no room for event numbers.", {
      errors: [{ pointer: "/header/idempotency-key", message: "is too long for a batch" }],
    });
  }
  return events.map((event, i) => ({
    ...event,
    idempotency_key: event.idempotency_key ?? `${key}#${i}`,
  }));
}
