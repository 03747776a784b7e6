/** The PostgreSQL server: created once per data folder, run as a child of the stack. */
import { Child } from "./child.ts";
import type { LogFile } from "./log_file.ts";
import { ordinaryUser } from "./ordinary_user.ts";

export interface PostgresOptions {
  /** The folder with PostgreSQL's bin, lib and share. */
  programs: string;
  /** The cluster's own folder. */
  cluster: string;
  port: number;
  log: LogFile;
  onLost: (error: Error) => void;
  onRecovered: () => void;
}

/** Creates the cluster unless it is there. Returns whether it did. */
export async function createCluster(programs: string, cluster: string): Promise<boolean> {
  if (await exists(`${cluster}/PG_VERSION`)) return false;
  await Deno.mkdir(cluster, { recursive: true, mode: 0o700 });
  const user = await ordinaryUser();
  if (user) await Deno.chown(cluster, user.uid, user.gid);
  const passwordFile = await Deno.makeTempFile();
  await Deno.writeTextFile(passwordFile, "postgres");
  await Deno.chmod(passwordFile, 0o644);
  const command = run(user, `${programs}/bin/initdb`, [
    `--pgdata=${cluster}`,
    "--username=supabase_admin",
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=icu",
    "--icu-locale=en-US",
  ]);
  const { success, stderr } = await command.output();
  await Deno.remove(passwordFile);
  if (!success) {
    await Deno.remove(cluster, { recursive: true });
    throw new Error(`initdb failed: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return true;
}

/** The server as a child; durability settings are PostgreSQL's own. */
export async function postgresServer(options: PostgresOptions): Promise<Child> {
  const { programs, cluster, port, log, onLost, onRecovered } = options;
  const user = await ordinaryUser();
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 100,
    shared_buffers: "256MB",
    wal_level: "logical",
    statement_timeout: "120s",
    timezone: "UTC",
    log_timezone: "UTC",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return new Child({
    name: "postgres",
    log,
    onLost,
    onRecovered,
    // A predecessor that lost its parent may still be stopping; a killed one's sessions may still be ending.
    passing: /lock file "postmaster\.pid"|shared memory block/,
    stopSignal: "SIGINT", // "fast": ends the sessions instead of waiting for them
    command: () => run(user, `${programs}/bin/postgres`, ["-D", cluster, ...flags]),
    ready: ({ onLine }) =>
      new Promise((resolve) =>
        onLine((line) => line.includes("ready to accept connections") && resolve())
      ),
  });
}

/** PostgreSQL refuses to run as root: root runs it as an ordinary user who may still read root's folders. */
function run(
  user: { uid: number; gid: number } | undefined,
  program: string,
  args: string[],
): Deno.Command {
  const [command, ...rest] = user
    ? [
      "setpriv",
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      "--clear-groups",
      "--securebits=+no_setuid_fixup", // or access(2) would overlook the capability
      "--inh-caps=+dac_override",
      "--ambient-caps=+dac_override",
      program,
      ...args,
    ]
    : [program, ...args];
  return new Deno.Command(command, {
    args: rest,
    env: { LC_ALL: "C", TZ: "UTC" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // Ctrl-C in the terminal must not reach it: the stack stops it
  });
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
