/**
 * Makes load in a process of its own, so that it shares no event loop with the gateway: for each LoadRequest it
 * reads it answers a LoadResult.
 */
import { closedLoop, type Step } from "./closed_loop.ts";
import { postBatch, postEvent, rpc, timeTravel } from "./http_steps.ts";
import type { LoadRequest } from "./load_request.ts";
import { serveLines } from "./serve_lines.ts";
import * as sql from "./sql_steps.ts";

async function stepOf(request: LoadRequest, client: number): Promise<Step> {
  switch (request.work) {
    case "http-post-event":
      return postEvent(request);
    case "http-post-batch":
      return postBatch(request);
    case "http-rpc":
      return rpc(request);
    case "http-time-travel":
      return timeTravel(request);
    case "sql-post-events":
      return await sql.postEvents(request, client, 1);
    case "sql-post-events-100":
      return await sql.postEvents(request, client, 100);
    case "sql-insert":
      return await sql.insert(request, client, 1);
    case "sql-insert-100":
      return await sql.insert(request, client, 100);
    case "sql-history":
      return await sql.history(request, client);
    case "sql-feed":
      return await sql.feed(request, client);
    case "sql-statistics":
      return await sql.statistics(request, client);
    case "sql-unprocessed":
      return await sql.unprocessed(request, client);
  }
}

await serveLines(async (request: LoadRequest) => {
  const clients = Array.from({ length: request.clients }, (_, client) => client);
  const steps = await Promise.all(clients.map((client) => stepOf(request, client)));
  return await closedLoop(steps, request.seconds);
});
await sql.disconnect();
