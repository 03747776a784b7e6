import type { Pool } from "pg";

/** Folders of the package in the order of its install.sh; its functions and indexes in that of their scripts. */
const functions = [
  "message-store-version",
  "hash-64",
  "acquire-lock",
  "category",
  "is-category",
  "id",
  "cardinal-id",
  "stream-version",
  "write-message",
  "get-stream-messages",
  "get-category-messages",
  "get-last-stream-message",
];
const files = [
  "schema/message-store",
  "tables/messages",
  "types/message",
  ...functions.map((name) => `functions/${name}`),
  "indexes/messages-id",
  "indexes/messages-stream",
  "indexes/messages-category",
];

/** Runs the package's own SQL, unless it has been run in this database. */
export async function installMessageDb(pool: Pool): Promise<void> {
  const { rows } = await pool.query("select 1 from pg_tables where tablename = 'messages'");
  if (rows.length > 0) return;
  const root = import.meta.resolve("@eventide/message-db/package.json");
  const client = await pool.connect();
  try {
    await client.query("set search_path = message_store, public");
    for (const file of files) {
      await client.query(await Deno.readTextFile(new URL(`database/${file}.sql`, root)));
    }
    await client.query("alter database message_db set search_path = message_store, public");
  } finally {
    client.release(true); // its search_path is not that of the others
  }
}
