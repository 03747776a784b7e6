/**
 * The content security policy of the pages. They ask their own origin only, and that of `server`
 * where the API is elsewhere. Styles are made while they run; a worker comes from a blob.
 */
export function contentSecurityPolicy(server?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self'${server ? ` ${new URL(server).origin}` : ""}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
