/** Emmett's event store. A call appends to one stream, so all events of a batch go to the stream of the first. */
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";
import type { OpenAppender } from "./appender.ts";

export const open: OpenAppender = async (pool, url) => {
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  return async (events) => {
    const [first] = events;
    if (!first) return 0;
    const stream = `${first.aggregate_type}-${first.aggregate_id}`;
    const messages = events.map(({ event_type: type, data, metadata }) => ({
      type,
      data,
      metadata,
    }));
    const { nextExpectedStreamVersion } = await store.appendToStream(stream, messages);
    return nextExpectedStreamVersion >= BigInt(events.length) ? events.length : 0;
  };
};
