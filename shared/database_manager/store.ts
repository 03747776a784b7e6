import type { DatabaseClient } from "../database/client.ts";
import type { Batch, Commit, Lease } from "./batch.ts";

/** A database call that failed, with what is needed to decide what to do about it. */
export class StoreError extends Error {
  override readonly name = "StoreError";

  constructor(readonly code: string, readonly status: number, message: string) {
    super(message);
  }

  /**
   * True when a row's data was refused: the same commit would fail again. Anything else, such as
   * a missing table or right, is a fault of the deployment and no event's.
   */
  get isAboutData(): boolean {
    return /^(22|23|54)/.test(this.code);
  }
}

/** What a worker that came too late is told: its batch belongs to somebody else now. */
export function isTooLate(error: unknown): boolean {
  return error instanceof StoreError && (error.code === "ES012" || error.code === "ES014");
}

/** The Database Manager's view of the database: one round trip each. */
export interface Store {
  take(limits: { batch: number; partitions: number; leaseSeconds: number }): Promise<Batch>;
  commit(leases: readonly Lease[], commit: Commit, release: boolean): Promise<void>;
  release(): Promise<void>;
  openDoorbell(callAgain: boolean): Promise<void>;
}

/** A store that works under the name of one worker, through PostgREST. */
export function databaseStore(client: DatabaseClient, worker: string): Store {
  return {
    async take({ batch, partitions, leaseSeconds }) {
      const taken = await call(client, "take_events", {
        p_worker: worker,
        p_batch: batch,
        p_partitions: partitions,
        p_lease_seconds: leaseSeconds,
      });
      // take_events builds exactly this object; a database test holds the two together.
      return taken as Batch;
    },
    async commit(leases, commit, release) {
      await call(client, "commit_events", {
        p_worker: worker,
        p_leases: leases,
        p_batch: commit,
        p_release: release,
      });
    },
    async release() {
      await call(client, "release_leases", { p_worker: worker });
    },
    async openDoorbell(callAgain) {
      await call(client, "open_doorbell", { p_call_again: callAgain });
    },
  };
}

/** One round trip; throws {@link StoreError}. */
export async function call(
  client: DatabaseClient,
  name: string,
  parameters: Record<string, unknown>,
): Promise<unknown> {
  const { data, error, status } = await client.rpc(name, parameters);
  if (error) throw new StoreError(error.code ?? "", status, wordsOf(error));
  return data;
}

/** Of two rows that claim one unique value, which value; other details may hold a whole row. */
function wordsOf({ code, message, details }: { code?: string; message: string; details?: string }) {
  return code === "23505" && details ? `${message}: ${details}` : message;
}
