/** Files of npm packages that are wanted for what is in them, without what they depend on. */

/** Unpacks packages such as `redoc@3.0.1`; `use` gets a function from package and file to path, good until it returns. */
export async function withNpmPackages(
  packages: string[],
  use: (file: (pack: string, path: string) => string) => Promise<void>,
): Promise<void> {
  const work = await Deno.makeTempDir();
  try {
    await run("npm", ["pack", ...packages, "--silent", "--pack-destination", work], work);
    for (const pack of packages) {
      await Deno.mkdir(`${work}/${fileName(pack)}`);
      const archive = `${work}/${fileName(pack)}.tgz`;
      await run("tar", ["xzf", archive, "-C", `${work}/${fileName(pack)}`], work);
    }
    await use((pack, path) => `${work}/${fileName(pack)}/package/${path}`);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** `@sparticuz/chromium@153.0.0` is packed as `sparticuz-chromium-153.0.0.tgz`. */
function fileName(pack: string): string {
  return pack.replace(/^@/, "").replace(/[/@]/g, "-");
}

/** Runs a program to its end. */
export async function run(command: string, args: string[], cwd: string): Promise<void> {
  const options = { args, cwd, stdin: "null" } as const;
  const { success, stderr } = await new Deno.Command(command, options).output().catch(() => {
    throw new Error(`Cannot find "${command}", which files from npm are fetched with`);
  });
  if (!success) {
    throw new Error(`${command} ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
  }
}
