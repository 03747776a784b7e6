/** The two documentation readers, from npm: pinned, checked, and kept compressed in .data/docs. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { withNpmPackages } from "../local/npm_pack.ts";
import { repository } from "../local/repository.ts";

interface Asset {
  /** The npm package with its version, and the file in it. */
  from: [pack: string, file: string];
  /** Of that file: what runs beside people's tokens is what was looked at when it was pinned. */
  sha256: string;
  /** Outside addresses to take out of it: text and what stands there instead. */
  replace?: [text: string, by: string][];
}

const swaggerUi = "swagger-ui-dist@5.35.0";
const redoc = "redoc@3.0.1";
const wordmark = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='56' " +
  "height='16'%3E%3Ctext y='12' font-size='12' font-family='sans-serif'%3ERedocly%3C/text%3E%3C/svg%3E";

const assets: Record<string, Asset> = {
  "swagger-ui.js": {
    from: [swaggerUi, "swagger-ui-bundle.js"],
    sha256: "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2",
  },
  "swagger-ui.css": {
    from: [swaggerUi, "swagger-ui.css"],
    sha256: "5ed08757e53da3e026d6cbecc61fe5d43585c9560b302d534ad56692519a273d",
  },
  "redoc.js": {
    from: [redoc, "bundles/redoc.standalone.js"],
    sha256: "8c70c2de83d33e33a75b225e573d6d9fe851f066f824b44b1637d831d52d7543",
    replace: [
      ["https://cdn.redoc.ly/redoc/logo-mini-full.svg", wordmark],
      ["https://cdn.redoc.ly/redoc/logo-mini.svg", wordmark],
      ["https://otel.cloud.redocly.com/v1/traces", "data:,"],
    ],
  },
};

const key = createHash("sha256").update(JSON.stringify(assets)).digest("hex").slice(0, 12);
const folder = `${repository}/.data/docs/${key}`;

/** Each asset by name, gzipped. Only the first call of a version downloads anything. */
export async function npmAssets(): Promise<Map<string, Uint8Array>> {
  const names = Object.keys(assets);
  const found = await Promise.all(names.map((name) => read(`${folder}/${name}.gz`)));
  if (found.every((content) => content !== null)) {
    return new Map(names.map((name, i) => [name, found[i] ?? new Uint8Array()]));
  }
  await download();
  return await npmAssets();
}

async function download(): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await withNpmPackages([swaggerUi, redoc], async (file) => {
    for (const [name, asset] of Object.entries(assets)) {
      const content = cleaned(name, asset, await Deno.readTextFile(file(...asset.from)));
      const draft = `${folder}/${name}.${Deno.pid}`; // what is half written is never read
      await Deno.writeFile(draft, gzipSync(content, { level: 9 }));
      await Deno.rename(draft, `${folder}/${name}.gz`);
    }
  });
}

function cleaned(name: string, { from, sha256, replace = [] }: Asset, content: string): string {
  const actual = createHash("sha256").update(content).digest("hex");
  if (actual !== sha256) {
    throw new Error(`Cannot use ${from.join("/")}: its SHA-256 is ${actual}, want ${sha256}`);
  }
  return replace.reduce((text, [old, by]) => {
    if (!text.includes(old)) throw new Error(`Cannot find "${old}" in ${name}`);
    return text.replaceAll(old, by);
  }, content);
}

async function read(path: string): Promise<Uint8Array | null> {
  return await Deno.readFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
}
