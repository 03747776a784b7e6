import { decodeBase64 } from "hono/utils/encode";
import { ApplicationError } from "../errors.ts";
import type { AppContext } from "./app_environment.ts";
import type { BuiltFile, Site } from "./built_file.ts";

const types: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
};

const unpacked = new Map<BuiltFile, Uint8Array<ArrayBuffer>>();

/**
 * Answers a file of a site: compressed where that is welcome, 304 where it is known.
 *
 * @throws ApplicationError `not_found` (404)
 */
export async function sendFile(
  c: AppContext,
  site: Site,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const file = Object.hasOwn(site, path) ? site[path] : undefined;
  if (!file) throw new ApplicationError("not_found", `There is no ${path}.`);
  // Weak, since the compressed and the plain form share it.
  const etag = `W/"${file.sha256.slice(0, 32)}"`;
  const all = {
    ...headers,
    ETag: etag,
    Vary: "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
  };
  if (knows(c.req.header("if-none-match"), etag)) return c.body(null, 304, all);

  const gzip = gzipOf(file);
  const compressed = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(
    c.req.header("accept-encoding") ?? "",
  );
  const body = compressed ? gzip : await gunzip(gzip);
  return c.body(body, 200, {
    ...all,
    ...(compressed && { "Content-Encoding": "gzip" }),
    "Content-Length": String(body.byteLength),
    "Content-Type": types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream",
  });
}

function knows(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = ifNoneMatch?.split(",").map((one) => one.trim().replace(/^W\//, "")) ?? [];
  return known.includes("*") || known.includes(etag.replace(/^W\//, ""));
}

function gzipOf(file: BuiltFile): Uint8Array<ArrayBuffer> {
  const known = unpacked.get(file);
  if (known) return known;
  const bytes = decodeBase64(file.gzip);
  unpacked.set(file, bytes);
  return bytes;
}

async function gunzip(gzip: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new Blob([gzip]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}
