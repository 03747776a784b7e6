import { adminClient } from "../../shared/database/client.ts";
import { appendEvents, appendProblems } from "../../shared/events/append.ts";
import { PostedEvent, StoredEvent } from "../../shared/events/envelope.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { agreedKey } from "../../shared/http/idempotency_key.ts";
import { waitSeconds } from "../../shared/http/prefer.ts";
import { eventExamples } from "./event_examples.ts";
import { PostingHeaders } from "./posting_headers.ts";
import { waitUntilProcessed } from "./processed.ts";

/** Where clients find a stored event; Supabase puts its prefix before the function's own path. */
function locationOf(id: string): string {
  return `/functions/v1/events/${id}`;
}

export const postEvent = endpoint({
  method: "post",
  path: "/",
  who: ["user", "agent", "service"],
  tags: ["Events"],
  summary: "Post an event",
  description:
    "Stores one event. `created_by` is derived from the credential; only the backend's " +
    "key may state it. Who may post which type is in the catalog.",
  request: { headers: PostingHeaders, body: body(PostedEvent, eventExamples()) },
  problems: appendProblems,
  responses: {
    200: json(StoredEvent, "Posted before with this idempotency key; see Idempotency-Replayed"),
    201: json(StoredEvent, "Stored"),
    202: json(StoredEvent, "Stored, and not yet projected when the wait was over"),
  },
}, async (c) => {
  const headers = c.req.valid("header");
  const seconds = waitSeconds(headers.prefer);
  const posted = c.req.valid("json");
  const idempotency_key = agreedKey(headers["idempotency-key"], posted.idempotency_key);
  const database = adminClient();
  const { events, replayed } = await appendEvents(database, c.var.principal, [
    { ...posted, idempotency_key },
  ]);
  const [event] = events;
  if (!event) throw new Error("post_events stored one event and returned none");

  c.header("Location", locationOf(event.id));
  if (replayed) c.header("Idempotency-Replayed", "true");
  if (seconds === null) return c.json(event, replayed ? 200 : 201);
  c.header("Preference-Applied", `wait=${seconds}`);
  const waited = await waitUntilProcessed(database, [event], seconds);
  return c.json(waited.events[0] ?? event, !waited.done ? 202 : replayed ? 200 : 201);
});
