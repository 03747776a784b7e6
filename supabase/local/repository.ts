/** Absolute path of the repository, without a trailing slash. */
export const repository = decodeURIComponent(new URL("../..", import.meta.url).pathname)
  .replace(/\/$/, "");
