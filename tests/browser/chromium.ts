/** A headless Chromium from npm, for machines that have no browser. Nothing is installed. */
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium } from "playwright-core";
import { run, withNpmPackages } from "../../supabase/local/npm_pack.ts";
import { repository } from "../../supabase/local/repository.ts";

const pack = "@sparticuz/chromium@153.0.0"; // for Linux on x64; elsewhere Chrome must be there
const folder = `${repository}/.data/browser/${pack.split("@").at(-1)}`;

/** Starts a browser; `await using` closes it. */
export async function openBrowser(): Promise<Browser> {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
    return await chromium.launch({ channel: "chrome" });
  }
  if (!await Deno.stat(folder).catch(() => null)) await unpack();
  return await chromium.launch({
    executablePath: `${folder}/chromium`,
    args: ["--no-sandbox"], // else it does not run as root, as in a container
    env: { LD_LIBRARY_PATH: `${folder}/lib`, FONTCONFIG_FILE: `${folder}/fonts.conf` },
    timeout: 120_000,
  });
}

async function unpack(): Promise<void> {
  const draft = `${folder}.${Deno.pid}`;
  await Deno.mkdir(draft, { recursive: true });
  await withNpmPackages([pack], async (file) => {
    const read = async (name: string) =>
      brotliDecompressSync(await Deno.readFile(file(pack, `bin/${name}.br`)));
    await Deno.writeFile(`${draft}/chromium`, await read("chromium"), { mode: 0o755 });
    for (const archive of ["al2023.tar", "fonts.tar"]) { // the libraries it needs, and a typeface
      await Deno.writeFile(`${draft}/${archive}`, await read(archive));
      await run("tar", ["xf", archive, "--no-same-owner"], draft);
    }
  });
  const fonts =
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>`;
  await Deno.writeTextFile(`${draft}/fonts.conf`, fonts);
  await Deno.rename(draft, folder);
}
