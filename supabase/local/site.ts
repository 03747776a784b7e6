/** What the parts of one stack share: where they are, how they sign, whom they tell. */
import { LogFile } from "./log_file.ts";
import { type SigningKey, signingKey } from "./keys.ts";
import { ensureFree, freePort } from "./ports.ts";
import { type ProjectConfig, readProjectConfig } from "./project_config.ts";
import { repository } from "./repository.ts";
import type { StackOptions } from "./stack.ts";

export interface Site {
  project: string;
  dataDir: string;
  config: ProjectConfig;
  key: SigningKey;
  ports: { gateway: number; postgres: number; rest: number; restAdmin: number };
  /** The gateway. */
  url: string;
  /** The database as `user`. */
  databaseUrl: (user: "postgres" | "supabase_admin" | "supabase_auth_admin") => string;
  /** Opens `<dataDir>/logs/<name>.log`; with `echo` every line also goes to the stack's `log`. */
  logFile: (name: string, echo?: boolean) => LogFile;
  /** Rejects when a process could not be brought back; `onLost` is how that is told. */
  failed: Promise<never>;
  onLost: (error: Error) => void;
  /** What to do at the end, the last registered first. */
  onStop: (close: () => unknown) => void;
  stop: () => Promise<void>;
}

export async function prepareSite(options: StackOptions): Promise<Site> {
  const { dataDir, project = repository } = options;
  const config = await readProjectConfig(project);
  await ensureFree(options.ports?.gateway, "gateway");
  await ensureFree(options.ports?.postgres, "PostgreSQL");
  await Deno.mkdir(`${dataDir}/logs`, { recursive: true });
  const ports = {
    gateway: options.ports?.gateway ?? freePort(),
    postgres: options.ports?.postgres ?? freePort(),
    rest: freePort(),
    restAdmin: freePort(),
  };
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {}); // whoever cares awaits `failed`
  const { onStop, stop } = endings();
  return {
    project,
    dataDir,
    config,
    key: await signingKey(`${dataDir}/signing_key.json`),
    ports,
    url: `http://127.0.0.1:${ports.gateway}`,
    databaseUrl: (user) => `postgresql://${user}:postgres@127.0.0.1:${ports.postgres}/postgres`,
    logFile: (name, echo = false) => {
      const file = new LogFile(`${dataDir}/logs/${name}.log`, options.log ?? (() => {}), echo);
      onStop(() => file.close());
      return file;
    },
    failed: failure.promise,
    onLost: failure.reject,
    onStop,
    stop,
  };
}

function endings(): Pick<Site, "onStop" | "stop"> {
  const closing: (() => unknown)[] = [];
  return {
    onStop: (close) => closing.push(close),
    stop: async () => {
      for (let close = closing.pop(); close; close = closing.pop()) await close();
    },
  };
}
