import { z } from "zod";
import { dataOf } from "../../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../../shared/errors.ts";
import { aggregateTypeName, eventTypeName } from "../../../shared/events/envelope.ts";
import { tool } from "../tool.ts";

export const listEventTypes = tool({
  name: "list_event_types",
  title: "List event types",
  description: "The catalog: every event type, what it means and who may post it.",
  input: z.strictObject({ aggregate_type: aggregateTypeName.optional() }),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ reader }, { aggregate_type }) => {
  const types = reader.from("event_types")
    .select("event_type,aggregate_type,description,posted_by,active").order("event_type");
  const chosen = aggregate_type === undefined ? types : types.eq("aggregate_type", aggregate_type);
  return { event_types: dataOf(await chosen) };
});

export const getEventType = tool({
  name: "get_event_type",
  title: "Get an event type",
  description: "One event type with the JSON Schema of its data and an example to start from.",
  input: z.strictObject({ type: eventTypeName }),
  who: ["user", "agent", "service"],
  readOnly: true,
}, async ({ reader }, { type }) => {
  const found = dataOf(
    await reader.from("event_types").select().eq("event_type", type).maybeSingle(),
  );
  if (!found) throw new ApplicationError("event_type_not_found", `"${type}" is no event type.`);
  return found;
});
