import type { Sql } from "postgres";
import type { Dice } from "./dice.ts";
import { step, type Story, type Writer } from "./story.ts";

/** Adds the event types that traffic uses and the code does not know. */
export async function registerTypes(sql: Sql): Promise<void> {
  await sql`
    insert into public.event_types (event_type, aggregate_type, description, json_schema, example, posted_by)
    values
      ('note.written', 'note', 'Of an aggregate without a state table.', '{}', '{}', '{service}'),
      ('customer.greeted', 'customer', 'Of a known aggregate.', '{}', '{}', '{service}')
    on conflict do nothing`;
}

/** Events of an aggregate type that has no state table. */
export function noteStory(
  dice: Dice,
  write: (aggregateType: string, aggregateId: string) => Writer,
): Story {
  const event = write("note", dice.uuid());
  return [step(event("note.written", { text: "one" })), step(event("note.written"))];
}
