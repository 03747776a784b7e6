/** PostgREST, configured as on a hosted project. */
import { setTimeout as delay } from "node:timers/promises";
import { Child } from "./child.ts";
import type { ApiSettings } from "./project_config.ts";
import type { LogFile } from "./log_file.ts";

export interface PostgrestOptions {
  binary: string;
  port: number;
  adminPort: number;
  databasePort: number;
  /** The JSON Web Key Set that signs every token it believes. */
  jwks: unknown;
  api: ApiSettings;
  log: LogFile;
  onLost: (error: Error) => void;
}

export function postgrest(options: PostgrestOptions): Child {
  const { binary, port, adminPort, databasePort, jwks, api, log, onLost } = options;
  return new Child({
    name: "postgrest",
    log,
    onLost,
    stopSignal: "SIGTERM",
    command: () =>
      new Deno.Command(binary, {
        env: {
          PGRST_DB_URI:
            `postgresql://authenticator:postgres@127.0.0.1:${databasePort}/postgres?application_name=postgrest`,
          PGRST_DB_SCHEMAS: api.schemas.join(","),
          PGRST_DB_EXTRA_SEARCH_PATH: api.extraSearchPath.join(","),
          PGRST_DB_MAX_ROWS: String(api.maxRows),
          PGRST_DB_ANON_ROLE: "anon",
          PGRST_DB_POOL: "25",
          PGRST_DB_CHANNEL_ENABLED: "true",
          PGRST_JWT_SECRET: JSON.stringify(jwks),
          PGRST_JWT_CACHE_MAX_LIFETIME: "3600",
          PGRST_SERVER_HOST: "127.0.0.1",
          PGRST_SERVER_PORT: String(port),
          PGRST_ADMIN_SERVER_PORT: String(adminPort),
          PGRST_LOG_LEVEL: "error",
        },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
        detached: true,
      }),
    ready: ({ ended }) => untilReady(`http://127.0.0.1:${adminPort}/ready`, ended),
  });
}

async function untilReady(url: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await delay(20);
  }
}
