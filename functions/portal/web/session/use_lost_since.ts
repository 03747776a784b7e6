import { useSyncExternalStore } from "react";
import type { Connection } from "./connection.ts";

/** `21:28 UTC` when the platform went away; null while it answers. */
export function useLostSince(connection: Connection): string | null {
  const since = useSyncExternalStore(connection.listen, connection.lostSince);
  return since === null ? null : `${new Date(since).toISOString().slice(11, 16)} UTC`;
}
