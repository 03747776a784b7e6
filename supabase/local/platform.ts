/** Makes a fresh PostgreSQL cluster look like a hosted Supabase project. */
import postgres from "postgres";

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
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [{ done }] = await sql<[{ done: boolean }]>`
      select exists (select from pg_extension where extname = 'pg_cron') as done`;
    if (done) return;
    const folder = new URL("platform/", here);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    const text = names.map((name) => Deno.readTextFileSync(new URL(name, folder))).join("\n");
    await sql.begin((transaction) => transaction.unsafe(text));
  } finally {
    await sql.end();
  }
}

/** Puts into Vault what a deployer puts there by hand: where the functions are, and the key that rings them. */
export async function fillVault(dbUrl: string, secrets: Record<string, string>): Promise<void> {
  const sql = postgres(dbUrl, { max: 1 });
  try {
    for (const [name, value] of Object.entries(secrets)) {
      const [known] = await sql`select id from vault.secrets where name = ${name}`;
      if (known) await sql`select vault.update_secret(${known.id}, ${value})`;
      else await sql`select vault.create_secret(${value}, ${name})`;
    }
  } finally {
    await sql.end();
  }
}
