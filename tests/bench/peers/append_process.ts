/** Lets one peer, named by the argument, append in a closed loop; for each AppendRequest it answers a LoadResult. */
import pg from "pg";
import { type BenchEvent, orderEvents, productEvents, shopEvents } from "../catalog_events.ts";
import { closedLoop } from "../load/closed_loop.ts";
import type { AppendPeer, AppendRequest } from "../load/peer_request.ts";
import { serveLines } from "../load/serve_lines.ts";
import type { OpenAppender } from "./append/appender.ts";

/** Imported one by one: a peer may change the driver for everybody in its process. */
const peers: Record<AppendPeer, () => Promise<{ open: OpenAppender }>> = {
  insert: () => import("./append/insert.ts"),
  post_events: () => import("./append/post_events.ts"),
  emmett: () => import("./append/emmett.ts"),
  message_db: () => import("./append/message_db.ts"),
};

const name = Deno.args[0] as AppendPeer; // the part that started this process names one of them
const { open } = await peers[name]();

await serveLines(async ({ url, clients, size, aggregates, seconds }: AppendRequest) => {
  const pool = new pg.Pool({ connectionString: url, max: clients });
  try {
    const append = await open(pool, url);
    const steps = await Promise.all(Array.from({ length: clients }, async (_, client) => {
      const next = batches(size, aggregates === "mixed" && client % 2 === 1);
      await append(next()); // opens the connection and prepares before the clock runs
      return () => append(next());
    }));
    return await closedLoop(steps, seconds);
  } finally {
    await pool.end();
  }
});

function batches(size: number, orders: boolean): () => BenchEvent[] {
  const events = orders ? orderEvents() : productEvents();
  return size === 1 ? () => [events.next().value] : () => shopEvents(size);
}
