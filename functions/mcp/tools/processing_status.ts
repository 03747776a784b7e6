import { z } from "zod";
import { dataOf } from "../../../shared/database/sqlstate.ts";
import { generations } from "../../../shared/domain/aggregates.ts";
import { ApplicationError } from "../../../shared/errors.ts";
import { uuid } from "../../../shared/events/envelope.ts";
import { admit } from "../../../shared/http/authenticate.ts";
import { tool } from "../tool.ts";

const OPERATORS = new Set(["staff", "service"] as const);
const COLUMNS =
  "id,event_number,event_type,processed,processed_at,processing_error,processing_attempts,next_attempt_at,skip_reason";

export const processingStatus = tool({
  name: "processing_status",
  title: "See how far the state tables are",
  description: "With event_id: whether that event has reached the state tables, and why not. " +
    "Without: backlog, lag, failures and audit of the Database Manager, for staff and the backend.",
  input: z.strictObject({ event_id: uuid.optional() }),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ principal, token, reader, database }, { event_id }) => {
  if (event_id === undefined) {
    await admit(principal, token, OPERATORS);
    return dataOf(
      await database.rpc("database_manager_status", { p_generations: generations }),
    );
  }
  const event = dataOf(
    await reader.from("events").select(COLUMNS).eq("id", event_id).maybeSingle(),
  );
  if (event) return event;
  throw new ApplicationError("event_not_found", `There is no event ${event_id} to see.`);
});
