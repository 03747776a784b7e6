/** What the load process is asked, and answers: one line of JSON each. */

/** The kinds of work a client can repeat. */
export type WorkName =
  | "http-post-event"
  | "http-post-batch"
  | "http-rpc"
  | "http-time-travel"
  | "sql-post-events"
  | "sql-post-events-100"
  | "sql-insert"
  | "sql-insert-100"
  | "sql-history"
  | "sql-feed"
  | "sql-statistics"
  | "sql-unprocessed";

export interface LoadRequest {
  work: WorkName;
  /** Clients, each with a connection of its own, that never wait but for their answer. */
  clients: number;
  seconds: number;
  /** The gateway, or the database for `sql-…`. */
  url: string;
  /** Sent with every HTTP request. */
  headers?: Record<string, string>;
  /** Who post_events is told the author is. */
  actor?: Record<string, unknown>;
  /** Aggregates to read the history of. */
  aggregates?: string[];
  /** Number of the newest event, for reads at any place before it. */
  last?: number;
}

export interface LoadResult {
  calls: number;
  /** Rows written or read, as the answers say. */
  rows: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}
