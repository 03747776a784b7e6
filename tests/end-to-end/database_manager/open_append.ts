import type { Sql } from "postgres";
import type { NewEvent } from "./events.ts";

/** An append whose transaction is open: stored, numbered, and seen by nobody. */
export interface OpenAppend extends AsyncDisposable {
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

/** Appends in a session of its own and leaves the transaction open; disposing of it rolls back. */
export async function openAppend(sql: Sql, ...events: NewEvent[]): Promise<OpenAppend> {
  const session = await sql.reserve();
  let open = true;
  const end = async (how: "commit" | "rollback") => {
    if (!open) return;
    open = false;
    await session.unsafe(how);
    session.release();
  };
  await session`begin`;
  await session`select public.post_events(${
    JSON.stringify(events)
  }::text::jsonb, '{"kind":"service"}')`;
  return {
    commit: () => end("commit"),
    rollBack: () => end("rollback"),
    [Symbol.asyncDispose]: () => end("rollback"),
  };
}
