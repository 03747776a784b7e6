/**
 * A running stack, as tests see it. `deno task test` starts one for all test files; `withStack` starts one that a test
 * may break. Every function here leaves no connection behind.
 */
import postgres, { type Sql, type TransactionSql } from "postgres";
import {
  type Stack,
  type StackDescription,
  type StackOptions,
  startStack,
} from "../../supabase/local/stack.ts";

export type { Stack, StackDescription };

/** The variable that names a folder with a migrated database: copied, it saves each test's own stack that work. */
export const preparedVariable = "EVENT_SOURCING_TEST_PREPARED";

/** The variable that carries the description to the test process; see run.ts. */
export const stackVariable = "EVENT_SOURCING_TEST_STACK";

/** The stack that `deno task test` started. */
export function runningStack(): StackDescription {
  const description = Deno.env.get(stackVariable);
  if (!description) {
    throw new Error("Cannot find a running stack: start tests with `deno task test`");
  }
  return JSON.parse(description); // written by run.ts
}

/** Starts a stack of its own in a temporary folder, runs `run` with it, and removes it. */
export async function withStack<T>(
  run: (stack: Stack) => Promise<T>,
  options: Partial<StackOptions> = {},
): Promise<T> {
  const dataDir = await Deno.makeTempDir({ prefix: "event sourcing " });
  const prepared = Deno.env.get(preparedVariable);
  try {
    if (prepared && !options.project) await copyDatabase(prepared, dataDir);
    const stack = await startStack({ dataDir, ...options });
    try {
      return await run(stack);
    } finally {
      await stack.stop();
    }
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

/** Copies what `prepareDatabase` made; the owner of the files, as whom PostgreSQL runs, stays. */
export async function copyDatabase(prepared: string, dataDir: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("cp", {
    args: ["-a", `${prepared}/postgres`, `${prepared}/migrated.json`, dataDir],
  }).output();
  if (!success) throw new Error(`Cannot copy the database: ${new TextDecoder().decode(stderr)}`);
}

/** A connection as the role postgres that closes itself: `await using sql = openSql()`. */
export function openSql(stack: StackDescription = runningStack(), max = 1): Sql & AsyncDisposable {
  const sql = postgres(stack.dbUrl, { max, onnotice: () => {} });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) });
}

export type Role = "anon" | "authenticated" | "service_role" | "postgres";

/** Runs `run` in one transaction as `role`, with the JWT `claims` that PostgREST would set (`{ sub: userId }`). */
export async function sqlAs<T>(
  role: Role,
  claims: Record<string, unknown>,
  run: (sql: TransactionSql) => Promise<T>,
  stack: StackDescription = runningStack(),
): Promise<T> {
  await using sql = openSql(stack);
  const result = await sql.begin(async (transaction) => {
    await transaction`
      select set_config('request.jwt.claims', ${JSON.stringify({ role, ...claims })}, true),
        set_config('role', ${role}, true)`;
    return await run(transaction);
  });
  return result as T; // `begin` unwraps arrays of promises, which `T` is not
}
