import postgres, { type Sql } from "postgres";
import type { BenchStack } from "./bench_stack.ts";

/** A database of a peer's own, on the PostgreSQL of the stack. */
export interface PeerDatabase {
  url: string;
  /** One connection as the superuser, to look at what the peer did. */
  sql: Sql;
}

/** Makes the databases named, hands them to `run`, and closes the connections; the stack goes with them. */
export async function withPeerDatabases<Name extends string, T>(
  { stack, sql }: BenchStack,
  names: readonly Name[],
  run: (databases: Record<Name, PeerDatabase>) => Promise<T>,
): Promise<T> {
  const made: [Name, PeerDatabase][] = [];
  try {
    for (const name of names) {
      await sql.unsafe(`create database ${name}`); // a name of ours
      const url = new URL(stack.adminUrl);
      url.pathname = `/${name}`;
      made.push([name, { url: url.href, sql: postgres(url.href, { max: 1, onnotice: () => {} }) }]);
    }
    return await run(Object.fromEntries(made) as Record<Name, PeerDatabase>); // one for each name
  } finally {
    await Promise.all(made.map(([, database]) => database.sql.end({ timeout: 1 })));
  }
}
