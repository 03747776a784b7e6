import postgres, { type Sql } from "postgres";
import { runningStack } from "./stack.ts";

/** An empty database beside the stack's own: it has the platform's roles and nothing else of it. */
export interface ScratchDatabase extends AsyncDisposable {
  url: string;
  /** Connected as the role postgres, its owner. */
  sql: Sql;
}

/** Creates it; `await using` drops it. */
export async function scratchDatabase(): Promise<ScratchDatabase> {
  const name = `scratch_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = postgres(runningStack().adminUrl, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(name)} owner postgres`;
  const url = new URL(runningStack().dbUrl);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  return {
    url: url.href,
    sql,
    [Symbol.asyncDispose]: async () => {
      await sql.end({ timeout: 1 });
      await admin`drop database ${admin(name)} with (force)`;
      await admin.end({ timeout: 1 });
    },
  };
}
