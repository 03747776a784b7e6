/** Runs functions/host.ts as a child with the permissions and the environment of a hosted function. */
import { Child } from "../child.ts";
import type { LogFile } from "../log_file.ts";
import { repository } from "../repository.ts";

export interface FunctionsOptions {
  /** The folder functions may read. */
  project: string;
  /** Slug to entrypoint. */
  functions: Record<string, string>;
  /** What the platform tells its functions: SUPABASE_URL and so on. */
  environment: Record<string, string>;
  log: LogFile;
  onLost: (error: Error) => void;
}

export class FunctionsProcess extends Child {
  #port: { current: number };

  constructor(options: FunctionsOptions) {
    const port = { current: 0 };
    super({
      name: "functions",
      log: options.log,
      onLost: options.onLost,
      stopSignal: "SIGTERM",
      command: () => command(options),
      ready: ({ onLine }) =>
        new Promise((resolve) =>
          onLine((line) => {
            const listening = line.match(/^listening on (\d+)$/);
            if (!listening) return;
            port.current = Number(listening[1]);
            resolve();
          })
        ),
    });
    this.#port = port;
  }

  /** Where it listens on loopback; changes with every start. */
  get port(): number {
    return this.#port.current;
  }
}

const inherited = [
  "HOME",
  "PATH",
  "TMPDIR",
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "NPM_CONFIG_REGISTRY",
  "SUBSCRIPTION_ALLOWED_HOSTS",
];

function command({ project, functions, environment }: FunctionsOptions): Deno.Command {
  const own = inherited.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net",
      "--allow-env",
      `--allow-read=${[project, repository].map((path) => path.replaceAll(",", ",,")).join(",")}`,
      `${repository}/supabase/local/functions/host.ts`,
      ...Object.entries(functions).map(([slug, entrypoint]) => `${slug}=${entrypoint}`),
    ],
    cwd: project,
    clearEnv: true,
    env: { ...Object.fromEntries(own), NO_COLOR: "1", ...environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  });
}
