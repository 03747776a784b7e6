/**
 * The embedded Supabase: PostgreSQL, PostgREST, the edge functions, sign-in, pg_net and cron behind one port, without Docker.
 */
import { Accounts } from "./auth/accounts.ts";
import { AuthServer } from "./auth/auth_server.ts";
import { Sessions } from "./auth/sessions.ts";
import { postgresFolder, postgrestBinary } from "./binaries.ts";
import type { Child } from "./child.ts";
import { openPool } from "./database.ts";
import { FunctionsHost } from "./functions/functions_host.ts";
import { type Gateway, startGateway } from "./gateway/gateway.ts";
import { RestKeys } from "./gateway/rest_keys.ts";
import {
  apiKeys,
  publishableKeys,
  secretKeys,
  type SigningKey,
  signingKey,
  signToken,
} from "./keys.ts";
import { LogFile } from "./log_file.ts";
import { migrate } from "./migrations.ts";
import { createPlatform, fillVault, installExtensions } from "./platform.ts";
import { ensureFree, freePort } from "./ports.ts";
import { createCluster, postgresServer } from "./postgres.ts";
import { postgrest } from "./postgrest.ts";
import { readProjectConfig } from "./project_config.ts";
import { repository } from "./repository.ts";
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
  /** Told what the functions print and what happens to the stack's processes. */
  log?: (line: string) => void;
}

/** What a client of a running stack needs to know; plain JSON. */
export interface StackDescription {
  /** The gateway: `${url}/functions/v1`, `${url}/rest/v1`, `${url}/auth/v1`. */
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
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    for (let close = closing.pop(); close; close = closing.pop()) await close();
  };
  try {
    return await start(options, stop, (close) => closing.push(close));
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: StackOptions,
  stop: () => Promise<void>,
  onStop: (close: () => unknown) => void,
): Promise<Stack> {
  const { dataDir, project = repository, watch = false, log = () => {} } = options;
  await ensureFree(options.ports?.gateway, "gateway");
  await ensureFree(options.ports?.postgres, "PostgreSQL");
  await Deno.mkdir(`${dataDir}/logs`, { recursive: true });
  const config = await readProjectConfig(project);
  const key = await signingKey(`${dataDir}/signing_key.json`);
  const [programs, restBinary] = await Promise.all([postgresFolder(), postgrestBinary()]);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {}); // whoever cares awaits `failed`
  const onLost = failure.reject;
  const logFile = (name: string, tell?: (line: string) => void) => {
    const file = new LogFile(`${dataDir}/logs/${name}.log`, tell);
    onStop(() => file.close());
    return file;
  };

  const databasePort = options.ports?.postgres ?? freePort();
  const url = (user: string) => `postgresql://${user}:postgres@127.0.0.1:${databasePort}/postgres`;
  const dbUrl = url("postgres");
  const adminUrl = url("supabase_admin");
  const restPort = freePort();
  const restUrl = `http://127.0.0.1:${restPort}`;

  const authPool = openPool(url("supabase_auth_admin"));
  onStop(() => authPool.end());
  const functionsLog = logFile("functions", log);
  const gatewayUrl = () => `http://127.0.0.1:${gateway.port}`;
  const accounts = new Accounts(authPool);
  const sessions = new Sessions(authPool, accounts, key, () => `${gatewayUrl()}/auth/v1`);
  const gateway: Gateway = startGateway({
    port: options.ports?.gateway ?? 0,
    functionsOrigin: () => `http://127.0.0.1:${functions.port}`,
    restOrigin: restUrl,
    restKeys: await restKeys(key),
    auth: new AuthServer(accounts, sessions, key),
  });
  onStop(gateway.stop);

  const functions = new FunctionsHost({
    project,
    watch,
    log: functionsLog,
    onLost,
    functions: config.functions,
    environment: { ...functionEnvironment(gatewayUrl(), dbUrl, key), ...options.environment },
  });
  onStop(() => functions.stop());
  const functionsStarted = functions.start();
  functionsStarted.catch(() => {}); // awaited below, unless something else fails first

  const rest = postgrest({
    binary: restBinary,
    port: restPort,
    adminPort: freePort(),
    databasePort,
    jwks: key.jwks,
    api: config.api,
    log: logFile("postgrest"),
    onLost,
  });
  const cluster = {
    programs,
    cluster: `${dataDir}/postgres`,
    port: databasePort,
    log: logFile("postgres"),
    onLost,
    onRecovered: () => rest.kill("SIGUSR1"), // reconnect now, not after its back-off
  };
  const stamp = `${dataDir}/migrated.json`;
  await installExtensions(programs);
  if (await createCluster(cluster)) await Deno.remove(stamp).catch(() => {});
  const database = await postgresServer(cluster);
  onStop(() => database.stop());
  await database.start();
  await createPlatform(adminUrl);
  await migrate(project, dbUrl, stamp);
  await fillVault(dbUrl, { project_url: gatewayUrl(), automations_key: apiKeys.automations });
  onStop(() => rest.stop());
  await Promise.all([rest.start(), functionsStarted]);

  const pgNet = new PgNetWorker(adminUrl);
  onStop(() => pgNet.pause());
  pgNet.resume();
  const cron = new CronWorker(adminUrl);
  onStop(() => cron.pause());
  cron.resume();

  return {
    url: gatewayUrl(),
    dbUrl,
    adminUrl,
    restUrl,
    keys: apiKeys,
    jwks: key.jwks,
    dataDir,
    postgres: database,
    postgrest: rest,
    functions,
    pgNet,
    cron,
    functionLogs: functionsLog.lines,
    sign: (claims) => signToken(key, claims),
    failed: failure.promise,
    stop,
  };
}

async function restKeys(key: SigningKey): Promise<RestKeys> {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + 10 * 365 * 86_400;
  const token = (role: string) => signToken(key, { iss: "supabase", role, iat, exp });
  return new RestKeys(await token("anon"), await token("service_role"));
}

function functionEnvironment(url: string, dbUrl: string, key: SigningKey): Record<string, string> {
  return {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify(publishableKeys),
    SUPABASE_SECRET_KEYS: JSON.stringify(secretKeys),
    SUPABASE_JWKS: JSON.stringify(key.jwks),
    SUPABASE_DB_URL: dbUrl,
  };
}
