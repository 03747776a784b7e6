import type {
  AnyEvent,
  Checked,
  EventType,
  NewEvent,
  RegisteredEvent,
  StoredEvent,
} from "./event.ts";
import { type ClientOptions, Requests } from "./request.ts";
import { subscribe, type SubscribeOptions } from "./subscribe.ts";

/** Filters of `query`; they combine with and. */
export interface EventQuery {
  /** A type, or a prefix such as `order.*`. */
  readonly event_type?: string;
  readonly aggregate_type?: string;
  readonly aggregate_id?: string;
  readonly correlation_id?: string;
  readonly causation_id?: string;
  readonly created_by?: string;
  readonly user_id?: string;
  readonly processed?: boolean;
  readonly failed?: boolean;
  /** ISO 8601 times; from `since` on, before `until`. */
  readonly since?: string;
  readonly until?: string;
  /** What `data` must contain. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** By event number. Default "desc": newest first. */
  readonly order?: "asc" | "desc";
  /** Stop after so many events. Default: all. */
  readonly limit?: number;
}

/** A moment of an aggregate: a time, one of its versions, or an event of the log. Default: now. */
export type Moment =
  | { readonly as_of?: string }
  | { readonly at_version?: number }
  | { readonly at_event?: string | number };

/** The state of an aggregate at a moment. */
export interface AggregateState {
  readonly aggregate_type: string;
  readonly aggregate_id: string;
  readonly version: number;
  readonly as_of: string | null;
  readonly last_event_number: number;
  /** Null for types without state tables. */
  readonly state: Readonly<Record<string, unknown>> | null;
}

export interface PostOptions {
  /** Wait up to so many seconds (1 to 30) until the event is projected. */
  readonly wait?: number;
  readonly signal?: AbortSignal;
}

/** Calls the `events` function, typed by the catalog. */
export interface EventClient {
  /** Appends one event. Retries use the same idempotency key, so it is stored once. */
  post<Type extends EventType>(event: NewEvent<Type>, options?: PostOptions): Promise<StoredEvent>;
  /** Appends an event of a type registered at run time, whose data no type describes. */
  postRegistered(event: RegisteredEvent, options?: PostOptions): Promise<StoredEvent>;
  /** Appends up to 1000 events, all or none. Repeated as a whole with the same keys. */
  postBatch<const Events extends readonly AnyEvent[]>(
    events: Events & Checked<Events>,
    options?: PostOptions,
  ): Promise<readonly StoredEvent[]>;
  /** Events that match, page by page as they are asked for. */
  query(query?: EventQuery): AsyncGenerator<StoredEvent, void, void>;
  /** All events of an aggregate, oldest first. */
  history(aggregateType: string, aggregateId: string): Promise<readonly StoredEvent[]>;
  /** The state of an aggregate, now or at a moment before. */
  stateAt(aggregateType: string, aggregateId: string, moment?: Moment): Promise<AggregateState>;
  /** New events as they happen: ordered, no gap, no duplicate, over any interruption. */
  subscribe(options?: SubscribeOptions): AsyncGenerator<StoredEvent, void, void>;
}

const PAGE = 500;

/** Makes a client with a secret `key` or a user's `session`. Runs in browsers, Node and Deno. */
export function createEventClient(options: ClientOptions): EventClient {
  const requests = new Requests(options);
  const post = async (event: RegisteredEvent | NewEvent, options: PostOptions = {}) => {
    const key = event.idempotency_key ?? crypto.randomUUID();
    return await requests.json<StoredEvent>({
      method: "POST",
      path: "",
      body: { ...event, idempotency_key: key },
      ...asked(options),
    });
  };
  return {
    post,
    postRegistered: post,
    async postBatch(events, options = {}) {
      const stored = await requests.json<{ events: StoredEvent[] }>({
        method: "POST",
        path: "/batch",
        body: {
          events: events.map((event) => ({
            ...event,
            idempotency_key: event.idempotency_key ?? crypto.randomUUID(),
          })),
        },
        ...asked(options),
      });
      return stored.events;
    },
    query: (query = {}) => pages(requests, query),
    async history(aggregateType, aggregateId) {
      const path = aggregatePath(aggregateType, aggregateId, "history");
      const events: StoredEvent[] = [];
      let cursor: number | null = 0;
      while (cursor !== null) {
        const page: Page = await requests.json<Page>({ path, query: { cursor, limit: PAGE } });
        events.push(...page.events);
        cursor = page.next;
      }
      return events;
    },
    async stateAt(aggregateType, aggregateId, moment = {}) {
      return await requests.json<AggregateState>({
        path: aggregatePath(aggregateType, aggregateId, "state"),
        query: { ...moment },
      });
    },
    subscribe: (options = {}) => subscribe(requests, options),
  };
}

function aggregatePath(type: string, id: string, what: string): string {
  return `/aggregate/${encodeURIComponent(type)}/${encodeURIComponent(id)}/${what}`;
}

interface Page {
  readonly events: readonly StoredEvent[];
  readonly next: number | null;
}

async function* pages(
  requests: Requests,
  { data, limit = Infinity, ...query }: EventQuery,
): AsyncGenerator<StoredEvent, void, void> {
  let left = limit;
  let cursor: number | undefined;
  while (left > 0) {
    const page = await requests.json<Page>({
      path: "",
      query: {
        ...query,
        data: data && JSON.stringify(data),
        limit: Math.min(left, PAGE),
        cursor,
      },
    });
    yield* page.events;
    left -= page.events.length;
    if (page.next === null) return;
    cursor = page.next;
  }
}

function asked({ wait, signal }: PostOptions) {
  return {
    ...(wait === undefined ? {} : { headers: { Prefer: `wait=${wait}` } }),
    ...(signal ? { signal } : {}),
  };
}
