import type { DatabaseClient } from "../database/client.ts";
import type { DatabaseError } from "../database/sqlstate.ts";

/** An append as SQL takes it: prepared events and the actor. */
export interface AppendRequest {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly actor: Readonly<Record<string, unknown>>;
}

/** What supabase-js would answer to `post_events` for this request alone. */
export interface AppendAnswer {
  readonly data: unknown;
  readonly error: (DatabaseError & { code: string }) | null;
  readonly status: number;
}

/** Appends through `post_events`: one request, one transaction. */
export async function postAlone(
  database: DatabaseClient,
  { events, actor }: AppendRequest,
): Promise<AppendAnswer> {
  return await database.rpc("post_events", { p_events: events, p_actor: actor });
}

type Outcome = { error?: undefined } | { error: DatabaseError & { code: string } };

/**
 * Milliseconds for which a call keeps further requests gathering. One that takes longer waits for
 * a lock or a slow database, and no other request waits for it.
 */
const HELD_UP = 50;
/** The most requests and, roughly, characters in one call. */
const MOST_REQUESTS = 100;
const MOST_CHARACTERS = 500_000;

interface Waiting {
  readonly request: AppendRequest;
  readonly size: number;
  readonly answer: (answer: AppendAnswer | Promise<AppendAnswer>) => void;
}

/**
 * Joins single events of requests that come at the same time into one call and one transaction,
 * each with an outcome of its own. Nobody waits for company: a request goes at once unless a call
 * is under way, and then with the others that came meanwhile.
 */
export class MicroBatch {
  #waiting: Waiting[] = [];
  #gathering = false;

  constructor(private readonly database: DatabaseClient) {}

  /** Resolves with the request's own outcome, as if it had been posted alone. */
  post(request: AppendRequest): Promise<AppendAnswer> {
    return new Promise((answer) => {
      this.#waiting.push({ request, size: JSON.stringify(request.events).length, answer });
      if (!this.#gathering) this.#send();
    });
  }

  #send(): void {
    const batch = this.#take();
    this.#gathering = batch.length > 0;
    if (!this.#gathering) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heldUp = new Promise<void>((over) => timer = setTimeout(over, HELD_UP));
    Promise.race([call(this.database, batch), heldUp]).then(() => {
      clearTimeout(timer);
      this.#send();
    });
  }

  #take(): Waiting[] {
    let count = 0;
    let size = 0;
    for (const waiting of this.#waiting) {
      size += waiting.size;
      if (count === MOST_REQUESTS || (count > 0 && size > MOST_CHARACTERS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

/** Answers every request of a batch; never rejects. */
async function call(database: DatabaseClient, batch: readonly Waiting[]): Promise<void> {
  const alone = async () => {
    await Promise.allSettled(batch.map(({ request, answer }) => {
      const posted = postAlone(database, request);
      answer(posted);
      return posted;
    }));
  };
  if (batch.length === 1) return await alone();
  const p_requests = batch.map(({ request }) => request);
  const { data, error } = await database.rpc("post_each", { p_requests });
  // Trouble of the whole call, not of one request: each finds out for itself.
  if (error) return await alone();
  // post_each promises one outcome for each request, in their order.
  const outcomes = data as Outcome[];
  batch.forEach(({ answer }, index) => {
    const outcome = outcomes[index];
    answer(
      outcome?.error
        ? { data: null, error: outcome.error, status: 400 }
        : { data: outcome, error: null, status: 200 },
    );
  });
}

let shared: { database: DatabaseClient; batch: MicroBatch } | undefined;

/** The micro-batch of this isolate. */
export function singles(database: DatabaseClient): MicroBatch {
  if (shared?.database !== database) shared = { database, batch: new MicroBatch(database) };
  return shared.batch;
}
