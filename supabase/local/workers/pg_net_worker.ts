/** What pg_net's background worker does: sends the queued requests, in batches, once, without retries. */
import type { Pool, PoolClient } from "../database.ts";
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

  protected override async work(pool: Pool, signal: AbortSignal): Promise<void> {
    const alarm = new Alarm(signal);
    const listener = await pool.connect();
    try {
      listener.on("notification", () => alarm.ring());
      listener.on("error", () => alarm.ring()); // the next query on it throws
      await listener.query("listen pg_net");
      while (!signal.aborted) {
        const batch = await take(listener);
        if (batch.length === 0) await alarm.wait(pollEvery);
        else await this.#sendAll(pool, batch);
      }
    } finally {
      listener.release(true);
    }
  }

  async #sendAll(pool: Pool, batch: Delivery[]): Promise<void> {
    if (!this.#route) {
      await Promise.all(batch.map((delivery) => this.#send(pool, delivery)));
      return;
    }
    for (const delivery of this.#route(batch)) await this.#send(pool, delivery);
  }

  async #send(pool: Pool, delivery: Delivery): Promise<void> {
    this.sent++;
    const { status, contentType, headers, content, timedOut, error } = await request(delivery);
    await pool.query(
      `insert into net._http_response
        (id, status_code, content_type, headers, content, timed_out, error_msg)
      values ($1, $2, $3, $4, $5, $6, $7)`,
      [delivery.id, status, contentType, headers, content, timedOut, error],
    );
  }
}

async function take(listener: PoolClient): Promise<Delivery[]> {
  const { rows } = await listener.query<Delivery>(
    `with expired as (
      delete from net._http_response where created < now() - interval '${responseLifetime}'
    ), taken as (
      delete from net.http_request_queue
      where id in (select id from net.http_request_queue order by id limit ${batchSize})
      returning id, method, url, headers, body, timeout_milliseconds
    )
    select * from taken order by id`,
  );
  return rows;
}

interface Outcome {
  status?: number;
  contentType?: string | null;
  headers?: Record<string, string>;
  content?: string;
  timedOut: boolean;
  error?: string;
}

async function request(delivery: Delivery): Promise<Outcome> {
  const { method, url, headers, body, timeout_milliseconds } = delivery;
  try {
    const response = await fetch(url, {
      method,
      headers: headers ?? {},
      body,
      signal: AbortSignal.timeout(timeout_milliseconds),
    });
    return {
      status: response.status,
      contentType: response.headers.get("content-type"),
      headers: Object.fromEntries(response.headers),
      content: await response.text(),
      timedOut: false,
    };
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    return { timedOut, error: error instanceof Error ? error.message : String(error) };
  }
}
