/** The project's database: the server, Supabase's own objects, the migrations, the Vault's secrets. */
import { postgresFolder } from "./binaries.ts";
import type { Child } from "./child.ts";
import { apiKeys } from "./keys.ts";
import { migrate } from "./migrations.ts";
import { createPlatform, fillVault, installExtensions } from "./platform.ts";
import { createCluster, postgresServer } from "./postgres.ts";
import type { Site } from "./site.ts";

export interface DatabaseServer {
  server: Child;
  /** Resolves when the server runs and holds all that the project's migrations say. */
  start: () => Promise<void>;
}

export async function databaseServer(
  site: Site,
  onRecovered: () => void,
): Promise<DatabaseServer> {
  const programs = await postgresFolder();
  const cluster = `${site.dataDir}/postgres`;
  const server = await postgresServer({
    programs,
    cluster,
    port: site.ports.postgres,
    log: site.logFile("postgres"),
    onLost: site.onLost,
    onRecovered,
  });
  site.onStop(() => server.stop());
  return {
    server,
    start: async () => {
      const stamp = `${site.dataDir}/migrated.json`;
      await installExtensions(programs);
      if (await createCluster(programs, cluster)) await Deno.remove(stamp).catch(() => {});
      await server.start();
      await createPlatform(site.databaseUrl("supabase_admin"));
      await migrate(site.project, site.databaseUrl("postgres"), stamp);
      await fillVault(site.databaseUrl("postgres"), {
        project_url: site.url,
        automations_key: apiKeys.automations,
      });
    },
  };
}
