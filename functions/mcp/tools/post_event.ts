import { dryRun as tryOut } from "../../../shared/database_manager/dry_run.ts";
import { appendEvents } from "../../../shared/events/append.ts";
import { PostedEvent } from "../../../shared/events/envelope.ts";
import { tool } from "../tool.ts";

export const postEvent = tool({
  name: "post_event",
  title: "Post an event",
  description: "Stores one fact for ever, if its type is yours to post. Send an idempotency_key, " +
    "so that a repeated call stores once, and expected_version to write only on what you read.",
  input: PostedEvent,
  who: ["user", "agent", "service"],
  readOnly: false,
}, async ({ database, principal }, event) => {
  const { events, replayed } = await appendEvents(database, principal, [event]);
  return { event: events[0], replayed };
});

export const dryRun = tool({
  name: "dry_run",
  title: "Try an event",
  description:
    "Says what an event would change and what would follow. Every check, nothing stored.",
  input: PostedEvent,
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ database, reader, principal }, event) => {
  const { events, ...outcome } = await tryOut(database, reader, principal, [event]);
  return { event: events[0], ...outcome };
});
