import { JsonProcess } from "./json_process.ts";
import type { LoadResult } from "./load_request.ts";
import type {
  AppendPeer,
  AppendRequest,
  QueuePeer,
  QueueRequest,
  QueueResult,
} from "./peer_request.ts";

/** The peers' packages are theirs alone: nothing else of the repository downloads them. */
const config = "tests/bench/peers/deno.json";

export type Appender = JsonProcess<AppendRequest, LoadResult>;
export type Backlog = JsonProcess<QueueRequest, QueueResult>;

/** The peer in a process of its own, to append. */
export function startAppender(peer: AppendPeer): Appender {
  return new JsonProcess("tests/bench/peers/append_process.ts", {}, { config, args: [peer] });
}

/** The peer in a process of its own, to work off a backlog. */
export function startBacklog(peer: QueuePeer): Backlog {
  return new JsonProcess("tests/bench/peers/queue_process.ts", {}, { config, args: [peer] });
}
