/** What pg_net's background worker does: sends the queued requests, in batches, once, without retries. */
import type { Sql } from "postgres";
import { Alarm } from "./alarm.ts";
import { Worker } from "./worker.ts";

const batchSize = 200; // pg_net's default; the next batch waits for the slowest of this one
const pollEvery = 1000; // ms; NOTIFY wakes it sooner
const responseLifetime = "6 hours";

/** One request of the queue. */
export interface Delivery {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string> | null;
  body: Uint8Array<ArrayBuffer> | null;
  timeout_milliseconds: number;
}

/** Decides what becomes of a batch: leave one out to drop it, repeat it to deliver it twice, reorder at will. */
export type Route = (batch: Delivery[]) => Delivery[];

export class PgNetWorker extends Worker {
  /** How many requests were sent since the start. */
  sent = 0;
  #route?: Route;

  constructor(adminUrl: string) {
    super(adminUrl, "pg_net");
  }

  /** Sends what `route` returns, one after the other in that order; without an argument, everything at once again. */
  reroute(route?: Route): void {
    this.#route = route;
  }

  protected override async work(sql: Sql, signal: AbortSignal): Promise<void> {
    const alarm = new Alarm(signal);
    await sql.listen("pg_net", () => alarm.ring());
    while (!signal.aborted) {
      const batch = await take(sql);
      if (batch.length === 0) await alarm.wait(pollEvery);
      else await this.#sendAll(sql, batch);
    }
  }

  async #sendAll(sql: Sql, batch: Delivery[]): Promise<void> {
    if (!this.#route) {
      await Promise.all(batch.map((delivery) => this.#send(sql, delivery)));
      return;
    }
    for (const delivery of this.#route(batch)) await this.#send(sql, delivery);
  }

  async #send(sql: Sql, delivery: Delivery): Promise<void> {
    this.sent++;
    const response = await request(delivery);
    await sql`insert into net._http_response ${sql({ id: delivery.id, ...response })}`;
  }
}

async function take(sql: Sql): Promise<Delivery[]> {
  await sql`
    delete from net._http_response where created < now() - ${responseLifetime}::interval`;
  return await sql<Delivery[]>`
    with taken as (
      delete from net.http_request_queue
      where id in (select id from net.http_request_queue order by id limit ${batchSize})
      returning id, method, url, headers, body, timeout_milliseconds
    )
    select * from taken order by id`;
}

async function request({ method, url, headers, body, timeout_milliseconds }: Delivery) {
  try {
    const response = await fetch(url, {
      method,
      headers: headers ?? {},
      body,
      signal: AbortSignal.timeout(timeout_milliseconds),
    });
    return {
      status_code: response.status,
      content_type: response.headers.get("content-type"),
      headers: JSON.stringify(Object.fromEntries(response.headers)),
      content: await response.text(),
      timed_out: false,
    };
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    return {
      timed_out: timedOut,
      error_msg: error instanceof Error ? error.message : String(error),
    };
  }
}
