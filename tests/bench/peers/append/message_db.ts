/** message-db: its function `write_message`, called for each event, in one statement for a batch. */
import type { OpenAppender } from "./appender.ts";
import { installMessageDb } from "./install_message_db.ts";

export const open: OpenAppender = async (pool) => {
  await installMessageDb(pool);
  return async (events) => {
    const messages = events.map((event) => ({
      id: crypto.randomUUID(),
      stream: `${event.aggregate_type}-${event.aggregate_id}`,
      type: event.event_type,
      data: event.data,
      metadata: event.metadata,
    }));
    const { rows: [row] } = await pool.query({
      name: "write_message",
      text: `
        select count(message_store.write_message(m ->> 'id', m ->> 'stream', m ->> 'type', m -> 'data', m -> 'metadata'))::int as stored
        from jsonb_array_elements($1::jsonb) m`,
      values: [JSON.stringify(messages)],
    });
    return row?.stored;
  };
};
