/** The files of a site that a function serves, or any web server. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

export interface SiteFile {
  gzip: Uint8Array;
  /** SHA-256 of the content, in hexadecimal. */
  sha256: string;
}

/** Path to file. */
export type SiteFiles = Map<string, SiteFile>;

export function siteFile(content: string | Uint8Array): SiteFile {
  return { gzip: gzipSync(content, { level: 9 }), sha256: sha256(content) };
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
