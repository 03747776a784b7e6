/** Emmett: its consumer runs a projection over the log, from where it stood or, to rebuild, from the beginning. */
import { SQL } from "@event-driven-io/dumbo";
import {
  getPostgreSQLEventStore,
  postgreSQLEventStoreConsumer,
  postgreSQLProjection,
  rebuildPostgreSQLProjections,
} from "@event-driven-io/emmett-postgresql";
import type { Event } from "@event-driven-io/emmett";
import { type Job, jobsOf, type OpenBacklog } from "./backlog.ts";

/** Without the pause of 50 ms that it makes between two batches. */
const pulling = { batchSize: 100, pullingFrequencyInMs: 1 };

type Changed = Event<"changed", Job & Record<string, unknown>>;

export const open: OpenBacklog = async (pool, url) => {
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  await store.schema.migrate();
  let done = 0;
  const projection = postgreSQLProjection<Changed>({
    name: "state",
    canHandle: ["changed"],
    handle: async (events, { execute }) => {
      for (const { data } of events) {
        await execute.command(SQL`
          update bench.state set version = version + 1, payload = ${
          JSON.stringify(data)
        }::jsonb where id = ${data.row_id}`);
        done++;
      }
    },
    truncate: async ({ execute }) => {
      await execute.command(SQL`update bench.state set version = 0`);
    },
  });
  return {
    async fill(jobs) {
      for (const some of jobsOf(jobs)) {
        const events = some.map((data) => ({ type: "changed", data: { ...data } } as const));
        await store.appendToStream<Changed>(`bench-${crypto.randomUUID()}`, events);
      }
    },
    async work() {
      done = 0;
      const consumer = postgreSQLEventStoreConsumer({
        connectionString: url,
        stopWhen: { noMessagesLeft: true },
        pulling,
      });
      consumer.projector({ projection });
      await consumer.start();
      await consumer.close();
      return done;
    },
    async rebuild() {
      done = 0;
      const consumer = rebuildPostgreSQLProjections({
        connectionString: url,
        projections: [{ projection, startFrom: "BEGINNING" }],
        pulling,
      });
      await consumer.start();
      await consumer.close();
      return done;
    },
  };
};
