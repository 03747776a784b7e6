import { setTimeout as delay } from "node:timers/promises";
import type { Sql } from "postgres";

/** Locks a product's row, as a long query of somebody else may: a commit that writes it has to wait. */
export async function heldRow(sql: Sql, id: string): Promise<{ letGo(): Promise<void> }> {
  const session = await sql.reserve();
  await session`begin`;
  await session`select 1 from public.products where id = ${id} for update`;
  return {
    async letGo() {
      await session`commit`;
      session.release();
    },
  };
}

/** Resolves when so many sessions wait for somebody's lock, or after two seconds; returns their pids. */
export async function untilWaiting(sql: Sql, sessions: number): Promise<number[]> {
  for (let looks = 0;; looks++) {
    const waiting = await sql<{ pid: number }[]>`
      select distinct pid from pg_locks where not granted`;
    if (waiting.length >= sessions || looks === 100) return waiting.map(({ pid }) => pid);
    await delay(20);
  }
}
