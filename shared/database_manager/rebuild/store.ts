import type { DatabaseClient } from "../../database/client.ts";
import { call } from "../store.ts";
import type { AggregateName, Page, PageResult } from "./page.ts";

/** The rebuild, verification or rollback under way. */
export interface RebuildJob {
  readonly id: string;
  readonly kind: "rebuild" | "verify" | "rollback";
  readonly status: "scanning" | "compared" | "switching";
  /** Whether a person looks at the differences before the switch. */
  readonly switch_by_hand: boolean;
}

/** What a page of aggregates that had moved showed: it takes the place of what was known of them. */
export interface ComparedAnew extends PageResult {
  readonly compared: readonly AggregateName[];
}

/** A rebuild's view of the database: one round trip each. */
export interface RebuildStore {
  take(): Promise<RebuildJob | null>;
  /** Gives the rebuild back; with an error the next worker comes some seconds later. */
  leave(error?: string): Promise<void>;
  scan(id: string, result: PageResult | null, limit: number): Promise<Page>;
  catchUp(id: string, result: ComparedAnew | null, hold: boolean, limit: number): Promise<Page>;
  switchOver(id: string): Promise<void>;
  fail(id: string, error: string): Promise<void>;
}

/** A rebuild store that works under the name of one worker, through PostgREST. */
export function rebuildStore(client: DatabaseClient, worker: string): RebuildStore {
  const rpc = (name: string, parameters: Record<string, unknown>) =>
    call(client, name, { p_worker: worker, ...parameters });
  // The SQL functions build exactly these shapes; the end-to-end tests hold the two together.
  return {
    take: async () => await rpc("take_rebuild", {}) as RebuildJob | null,
    leave: async (error) => void await rpc("leave_rebuild", { p_error: error ?? null }),
    scan: async (id, result, limit) =>
      await rpc("scan_rebuild", { p_id: id, p_page: result, p_limit: limit }) as Page,
    catchUp: async (id, result, hold, limit) =>
      await rpc("catch_up_rebuild", {
        p_id: id,
        p_page: result,
        p_hold: hold,
        p_limit: limit,
      }) as Page,
    switchOver: async (id) => void await rpc("switch_rebuild", { p_id: id }),
    fail: async (id, error) =>
      void await call(client, "cancel_rebuild", { p_id: id, p_actor: "system", p_error: error }),
  };
}
