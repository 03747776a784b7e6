/** Writers that append in transactions of their own, wait, roll back, and draw numbers in between. */
import { setTimeout as delay } from "node:timers/promises";
import type { Sql, TransactionSql } from "postgres";
import { id, post, type Posting, stockUpdated } from "../../database/posting.ts";
import { random } from "../../unit/domain/random.ts";

export interface Writing {
  seed: number;
  /** The longest a transaction stays open, in milliseconds. */
  longest: number;
  /** Of a hundred transactions. */
  rollBacks: number;
}

class RolledBack extends Error {}

/** Writes on every connection at the same time until aborted. Returns how many were rolled back. */
export async function writeUntil(
  over: AbortSignal,
  connections: readonly Sql[],
  { seed, longest, rollBacks }: Writing,
): Promise<number> {
  let undone = 0;
  await Promise.all(connections.map(async (sql, writer) => {
    const { integer } = random(seed * 100 + writer);
    // Aggregates of its own: nobody waits for another, so numbers are drawn side by side.
    const product = () => id("feed", writer * 10 + integer(0, 9));
    const some = () => Array.from({ length: integer(1, 6) }, () => stockUpdated(product()));
    while (!over.aborted) {
      await undoable(sql.begin(async (transaction) => {
        await inParts(transaction, some, integer(0, longest), integer(1, 100));
        if (integer(1, 100) > rollBacks) return;
        undone += 1;
        throw new RolledBack();
      }));
    }
  }));
  return undone;
}

/** Two appends with time between them, so that the numbers of others lie between theirs. */
async function inParts(
  sql: TransactionSql,
  some: () => Posting[],
  milliseconds: number,
  chance: number,
): Promise<void> {
  await post(sql, some());
  await delay(milliseconds / 2);
  if (chance <= 30) {
    await undoable(sql.savepoint(async (inner) => {
      await post(inner, some());
      throw new RolledBack();
    }));
  } else if (chance <= 70) {
    await post(sql, some());
  }
  await delay(milliseconds / 2);
}

async function undoable(transaction: Promise<unknown>): Promise<void> {
  try {
    await transaction;
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error;
  }
}
