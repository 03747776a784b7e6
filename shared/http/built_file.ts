/** A file that the build made. */
export interface BuiltFile {
  /** Of the content, in hexadecimal. */
  sha256: string;
  /** The content, gzipped, in base64. */
  gzip: string;
}

/** The files of a site by path. */
export type Site = Readonly<Record<string, BuiltFile>>;
