/** Transactions that are always rolled back: what a test does in one, no other test ever sees. */
import postgres, { type TransactionSql } from "postgres";
import { openSql, runningStack } from "../support/stack.ts";
import { Refusal } from "./posting.ts";

class Undone extends Error {}

/** Runs `run` in a transaction of the role postgres, or of the one `url` names, and undoes it. */
export async function undone(
  run: (sql: TransactionSql) => Promise<void>,
  url: string = runningStack().dbUrl,
): Promise<void> {
  await using sql = openSql({ ...runningStack(), dbUrl: url });
  await sql.begin(async (transaction) => {
    await run(transaction);
    throw new Undone();
  }).catch(unlessUndone);
}

/** What follows in the transaction runs as `role`, with the claims that PostgREST would set. */
export async function become(
  sql: TransactionSql,
  role: string,
  claims: Record<string, unknown> = {},
): Promise<void> {
  await sql`
    select set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true),
      set_config('role', ${role}, true)`;
}

/** Back to the role that opened the connection. */
export async function becomeOwner(sql: TransactionSql): Promise<void> {
  await become(sql, "none");
}

/** The error `run` ends with, or null. Undoes what `run` did; the transaction goes on. */
export async function errorOf(
  sql: TransactionSql,
  run: (sql: TransactionSql) => Promise<unknown>,
): Promise<postgres.PostgresError | Refusal | null> {
  try {
    await sql.savepoint(async (inner) => {
      await run(inner);
      throw new Undone();
    }).catch(unlessUndone);
    return null;
  } catch (error) {
    if (error instanceof postgres.PostgresError || error instanceof Refusal) return error;
    throw error;
  }
}

/** `done`, or the SQLSTATE with which `run` is refused. Undoes what `run` did. */
export async function outcomeOf(
  sql: TransactionSql,
  run: (sql: TransactionSql) => Promise<unknown>,
): Promise<string> {
  return (await errorOf(sql, run))?.code ?? "done";
}

function unlessUndone(error: unknown): void {
  if (!(error instanceof Undone)) throw error;
}
