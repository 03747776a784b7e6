/**
 * The embedded Supabase: PostgreSQL, PostgREST, the edge functions, sign-in, Realtime, pg_net and cron behind one port,
 * without Docker.
 */
import { apiServer } from "./api_server.ts";
import type { Child } from "./child.ts";
import { databaseServer } from "./database_server.ts";
import type { FunctionsHost } from "./functions/functions_host.ts";
import { functionsServer } from "./functions/functions_server.ts";
import { openGateway } from "./gateway/open_gateway.ts";
import { apiKeys, type SigningKey, signToken } from "./keys.ts";
import { MessageWorker } from "./realtime/message_worker.ts";
import { prepareSite, type Site } from "./site.ts";
import { CronWorker } from "./workers/cron_worker.ts";
import { PgNetWorker } from "./workers/pg_net_worker.ts";

export interface StackOptions {
  /** Where everything that lasts is kept; made when missing. */
  dataDir: string;
  /** Fixed ports; free ones are taken for those not named. */
  ports?: { gateway?: number; postgres?: number };
  /** The folder that holds supabase/ and functions/; default: this repository. */
  project?: string;
  /** Starts the functions anew when a file under functions/ or shared/ is saved. */
  watch?: boolean;
  /** Extra environment variables for the functions. */
  environment?: Record<string, string>;
  /** Once aborted, a start that is under way ends after its present step and rejects. */
  signal?: AbortSignal;
  /** Told what the functions print and which processes died. */
  log?: (line: string) => void;
}

/** What a client of a running stack needs to know; plain JSON. */
export interface StackDescription {
  /** The gateway: `${url}/functions/v1`, `${url}/rest/v1`, `${url}/auth/v1`, `${url}/realtime/v1`. */
  url: string;
  /** PostgreSQL as the role postgres. */
  dbUrl: string;
  /** PostgreSQL as the superuser supabase_admin, which no hosted project gives away: for tests' set-up only. */
  adminUrl: string;
  /** PostgREST itself, behind the gateway: to compare with. */
  restUrl: string;
  keys: typeof apiKeys;
  jwks: SigningKey["jwks"];
  dataDir: string;
}

export interface Stack extends StackDescription {
  /** The processes; each starts again by itself when it dies. */
  postgres: Child;
  postgrest: Child;
  functions: FunctionsHost;
  pgNet: PgNetWorker;
  cron: CronWorker;
  /** Delivers what the database broadcasts; while it pauses, broadcasts are lost. */
  messages: MessageWorker;
  /** Closes all websockets, as a restart of Realtime does. */
  dropWebsockets: () => void;
  /** The last lines the functions printed. */
  functionLogs: string[];
  /** Signs a token of this project with any claims, expired ones included. */
  sign: (claims: Record<string, unknown>) => Promise<string>;
  /** Rejects when a process could not be brought back. */
  failed: Promise<never>;
  /** Stops everything in good order. */
  stop: () => Promise<void>;
}

/** Starts a stack and resolves when all of it serves; on failure nothing is left running. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const site = await prepareSite(options);
  try {
    return await start(site, options);
  } catch (error) {
    await site.stop();
    throw error;
  }
}

/** Makes the database of a stack in `dataDir`, migrated and stopped, and nothing else: to start copies of it. */
export async function prepareDatabase(dataDir: string): Promise<void> {
  const site = await prepareSite({ dataDir });
  try {
    const database = await databaseServer(site, () => {});
    await database.start();
  } finally {
    await site.stop();
  }
}

/** The part of a stack that can be told to another process. */
export function describeStack(stack: Stack): StackDescription {
  const { url, dbUrl, adminUrl, restUrl, keys, jwks, dataDir } = stack;
  return { url, dbUrl, adminUrl, restUrl, keys, jwks, dataDir };
}

async function start(site: Site, options: StackOptions): Promise<Stack> {
  const adminUrl = site.databaseUrl("supabase_admin");
  const postgrest = await apiServer(site);
  // After the crash of the database PostgREST is to reconnect now, not after its back-off.
  const database = await databaseServer(site, () => postgrest.kill("SIGUSR1"));
  const functionsLog = site.logFile("functions", true);
  const functions = functionsServer(site, options, functionsLog);
  const realtime = await openGateway(site, () => functions.port);

  options.signal?.throwIfAborted();
  const functionsUp = functions.start();
  functionsUp.catch(() => {}); // awaited below, unless the database fails first
  await database.start();
  options.signal?.throwIfAborted();
  await Promise.all([postgrest.start(), functionsUp]);
  options.signal?.throwIfAborted();

  const pgNet = new PgNetWorker(adminUrl);
  const cron = new CronWorker(adminUrl);
  const messages = new MessageWorker(adminUrl, realtime);
  for (const worker of [messages, pgNet, cron]) {
    site.onStop(() => worker.pause());
    worker.resume();
  }
  return {
    url: site.url,
    dbUrl: site.databaseUrl("postgres"),
    adminUrl,
    restUrl: `http://127.0.0.1:${site.ports.rest}`,
    keys: apiKeys,
    jwks: site.key.jwks,
    dataDir: site.dataDir,
    postgres: database.server,
    postgrest,
    functions,
    pgNet,
    cron,
    messages,
    dropWebsockets: () => realtime.close(),
    functionLogs: functionsLog.lines,
    sign: (claims) => signToken(site.key, claims),
    failed: site.failed,
    stop: site.stop,
  };
}
