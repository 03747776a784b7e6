/** Everything a host of the documentation serves: path to file. */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { npmAssets } from "./npm_assets.ts";
import { type Links, redocPage, swaggerUiPage } from "./pages.ts";
import { type OpenApi } from "./platform_document.ts";

export interface SiteFile {
  gzip: Uint8Array;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
}

export interface SiteOptions {
  document: OpenApi;
  /** The addresses of the pages and what is beside them, from the page that asks. */
  linksFrom: (page: "index.html" | "redoc/index.html") => { root: string; policy?: string };
}

/** Pages, document and assets. The name of an asset has its hash in it, so that it never changes. */
export async function siteFiles(
  { document, linksFrom }: SiteOptions,
): Promise<Map<string, SiteFile>> {
  const files = new Map<string, SiteFile>();
  const names = new Map<string, string>();
  for (const [name, gzip] of await assets()) {
    const sha256 = hash(gunzipSync(gzip));
    const path = `assets/${name.replace(/(\.\w+)$/, `.${sha256.slice(0, 12)}$1`)}`;
    names.set(name, path);
    files.set(path, { gzip, sha256 });
  }
  const add = (path: string, text: string) =>
    files.set(path, { gzip: gzipSync(text, { level: 9 }), sha256: hash(text) });
  const links = (page: "index.html" | "redoc/index.html"): Links => {
    const { root, policy } = linksFrom(page);
    return {
      document: `${root}/openapi.json`,
      asset: (name) => `${root}/${names.get(name)}`,
      swaggerUi: root,
      redoc: `${root}/redoc`,
      policy,
    };
  };
  add("openapi.json", JSON.stringify(document));
  add("index.html", swaggerUiPage(links("index.html")));
  add("redoc/index.html", redocPage(links("redoc/index.html")));
  return files;
}

async function assets(): Promise<[name: string, gzip: Uint8Array][]> {
  const start = await Deno.readFile(new URL("start_swagger_ui.js", import.meta.url));
  return [...await npmAssets(), ["start-swagger-ui.js", gzipSync(start, { level: 9 })]];
}

function hash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
