/** What the processes in tests/bench/peers are asked, and answer: one line of JSON each. */

/** Whoever appends events in a process of its own: the plain limit, this platform, its peers. */
export type AppendPeer = "insert" | "post_events" | "emmett" | "message_db";

/** Whoever works off a backlog in a process of its own: the plain limit and the peers. */
export type QueuePeer = "skip_locked" | "graphile_worker" | "pg_boss" | "emmett";

export interface AppendRequest {
  url: string;
  /** Clients, each with a connection, that never wait but for their answer. */
  clients: number;
  /** Events a call. */
  size: number;
  /** `mixed`: every second client writes about orders, the others about products. */
  aggregates: "products" | "mixed";
  seconds: number;
}

/** `install` makes the tables, `fill` queues jobs, `work` does them all, `rebuild` (Emmett) once more. */
export interface QueueRequest {
  task: "install" | "fill" | "work" | "rebuild";
  url: string;
  /** Jobs to queue, or that wait. */
  jobs: number;
  workers: number;
}

export interface QueueResult {
  /** Jobs queued or done. */
  jobs: number;
  seconds: number;
}
