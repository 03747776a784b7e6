/** The `file:` URL of an absolute path, which may hold spaces and `..`. */
export function toFileUrl(path: string): string {
  return new URL(path.split("/").map(encodeURIComponent).join("/"), "file:///").href;
}
