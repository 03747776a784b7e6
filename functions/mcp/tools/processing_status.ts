import { z } from "zod";
import type { DatabaseClient } from "../../../shared/database/client.ts";
import { dataOf } from "../../../shared/database/sqlstate.ts";
import { generations } from "../../../shared/domain/aggregates.ts";
import { ApplicationError } from "../../../shared/errors.ts";
import { uuid } from "../../../shared/events/envelope.ts";
import { tool } from "../tool.ts";

const COLUMNS =
  "id,event_number,event_type,processed,processed_at,processing_error,processing_attempts,next_attempt_at,skip_reason";

export const processingStatus = tool({
  name: "processing_status",
  title: "See how far the state tables are",
  description: "With event_id: whether that event has reached the state tables, and why not. " +
    "Without: head of the log, what is unprocessed, lag and pauses, for agents; staff and the " +
    "backend also see workers, failures and audit of the Database Manager.",
  input: z.strictObject({ event_id: uuid.optional() }),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ principal, isStaff, reader, database }, { event_id }) => {
  if (event_id === undefined) {
    if (principal.kind === "agent") return shown(await wholeStatus(database));
    if (isStaff || principal.kind === "service") return await wholeStatus(database);
    throw new ApplicationError("forbidden", "Name an event: the whole is not for customers.");
  }
  const event = dataOf(
    await reader.from("events").select(COLUMNS).eq("id", event_id).maybeSingle(),
  );
  if (event) return event;
  throw new ApplicationError("event_not_found", `There is no event ${event_id} to see.`);
});

/** The part of the status that is shown to agents: how far, not what about whom. */
interface Status {
  head: number | null;
  unprocessed: number;
  lag_events: number;
  lag_seconds: number;
  oldest_unprocessed: number | null;
  paused: { aggregate_type: string }[];
}

async function wholeStatus(database: DatabaseClient): Promise<Status> {
  // database_manager_status answers with these members, and more.
  return dataOf(await database.rpc("database_manager_status", { p_generations: generations }));
}

/** For a reader of the log: nothing of people, of errors, or of who runs what. */
function shown({ paused, ...status }: Status) {
  const { head, unprocessed, lag_events, lag_seconds, oldest_unprocessed } = status;
  return {
    head,
    unprocessed,
    lag_events,
    lag_seconds,
    oldest_unprocessed,
    /** Aggregate types; `*` stands for all. */
    paused: paused.map(({ aggregate_type }) => aggregate_type),
  };
}
