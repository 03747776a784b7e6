/** What hosted reads from the write-ahead log: each committed row of `realtime.messages`, soon, in order, once. */
import type { Pool, PoolClient } from "../database.ts";
import { Alarm } from "../workers/alarm.ts";
import { Worker } from "../workers/worker.ts";
import type { Message, RealtimeServer } from "./realtime_server.ts";

const pruneEvery = 3_600_000; // ms
const lifetime = "3 days"; // as on hosted

export class MessageWorker extends Worker {
  #server: RealtimeServer;

  constructor(adminUrl: string, server: RealtimeServer) {
    super(adminUrl, "realtime");
    this.#server = server;
  }

  protected override async work(pool: Pool, signal: AbortSignal): Promise<void> {
    const alarm = new Alarm(signal);
    const listener = await pool.connect();
    let ids: string[] = [];
    let lost: Error | undefined;
    try {
      listener.on("notification", ({ payload }) => {
        ids.push(payload ?? "");
        alarm.ring();
      });
      listener.on("error", (error) => {
        lost = error;
        alarm.ring();
      });
      await listener.query("listen realtime");
      this.#server.hear(true);
      for (let pruned = 0; !signal.aborted;) {
        if (lost) throw lost;
        if (Date.now() - pruned > pruneEvery) {
          await prune(listener);
          pruned = Date.now();
        }
        const batch = ids;
        ids = [];
        if (batch.length === 0) await alarm.wait(pruneEvery);
        else (await read(listener, batch)).forEach((message) => this.#server.deliver(message));
      }
    } finally {
      this.#server.hear(false);
      listener.release(true);
    }
  }
}

/** The messages in the order in which they were committed. */
async function read(client: PoolClient, ids: string[]): Promise<Message[]> {
  const { rows } = await client.query<Message>(
    `select m.id, m.topic, m.event, m.payload::text, m.private
    from unnest($1::uuid[]) with ordinality as n(id, place) join realtime.messages m using (id)
    order by n.place`,
    [ids],
  );
  return rows;
}

async function prune(client: PoolClient): Promise<void> {
  await client.query(
    `delete from realtime.messages where inserted_at < now() - interval '${lifetime}'`,
  );
}
