/** Makes a fresh PostgreSQL cluster look like a hosted Supabase project. */
import { withPool } from "./database.ts";

const here = new URL(".", import.meta.url);

/** Lets `create extension pg_net` and the like find the stand-ins. PostgreSQL looks for them in its own folder only. */
export async function installExtensions(programs: string): Promise<void> {
  const folder = new URL("extensions/", here);
  for await (const { name } of Deno.readDir(folder)) {
    const content = await Deno.readTextFile(new URL(name, folder));
    const target = `${programs}/share/postgresql/extension/${name}`;
    if ((await Deno.readTextFile(target).catch(() => "")) === content) continue;
    const draft = `${target}.${Deno.pid}`;
    await Deno.writeTextFile(draft, content);
    await Deno.rename(draft, target); // another stack may be reading it
  }
}

/** Runs platform/*.sql, unless this cluster has them. All or nothing. */
export async function createPlatform(adminUrl: string): Promise<void> {
  await withPool(adminUrl, async (pool) => {
    const { rowCount } = await pool.query("select from pg_extension where extname = 'pg_cron'");
    if (rowCount) return;
    const folder = new URL("platform/", here);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const files = await Promise.all(names.map((name) => Deno.readTextFile(new URL(name, folder))));
    await pool.query(files.join("\n")); // one message is one transaction
  });
}

/** Puts into Vault what a deployer puts there by hand: where the functions are, and the key that rings them. */
export async function fillVault(dbUrl: string, secrets: Record<string, string>): Promise<void> {
  await withPool(dbUrl, async (pool) => {
    for (const [name, value] of Object.entries(secrets)) {
      const { rows: [known] } = await pool.query("select id from vault.secrets where name = $1", [
        name,
      ]);
      if (known) await pool.query("select vault.update_secret($1, $2)", [known.id, value]);
      else await pool.query("select vault.create_secret($1, $2)", [value, name]);
    }
  });
}
