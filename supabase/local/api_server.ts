/** PostgREST, configured as on a hosted project. */
import { setTimeout as delay } from "node:timers/promises";
import { postgrestBinary } from "./binaries.ts";
import { Child } from "./child.ts";
import type { Site } from "./site.ts";

export async function apiServer(site: Site): Promise<Child> {
  const binary = await postgrestBinary();
  const log = site.logFile("postgrest");
  const child = new Child({
    name: "postgrest",
    log,
    onLost: site.onLost,
    stopSignal: "SIGTERM",
    command: () =>
      new Deno.Command(binary, {
        env: settings(site),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        detached: true, // Ctrl-C in the terminal must not reach it: the stack stops it
      }),
    ready: ({ ended }) => untilReady(`http://127.0.0.1:${site.ports.restAdmin}/ready`, ended),
  });
  site.onStop(() => child.stop());
  return child;
}

function settings({ config: { api }, ports, key }: Site): Record<string, string> {
  const authenticator = `postgresql://authenticator:postgres@127.0.0.1:${ports.postgres}/postgres`;
  return {
    PGRST_DB_URI: `${authenticator}?application_name=postgrest`,
    PGRST_DB_SCHEMAS: api.schemas.join(","),
    PGRST_DB_EXTRA_SEARCH_PATH: api.extraSearchPath.join(","),
    PGRST_DB_MAX_ROWS: String(api.maxRows),
    PGRST_DB_ANON_ROLE: "anon",
    PGRST_DB_POOL: "25",
    PGRST_DB_CHANNEL_ENABLED: "true",
    PGRST_JWT_SECRET: JSON.stringify(key.jwks),
    PGRST_JWT_CACHE_MAX_LIFETIME: "3600",
    PGRST_SERVER_HOST: "127.0.0.1",
    PGRST_SERVER_PORT: String(ports.rest),
    PGRST_ADMIN_SERVER_PORT: String(ports.restAdmin),
    PGRST_LOG_LEVEL: "error",
  };
}

async function untilReady(url: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await delay(20);
  }
}
