/**
 * The content security policy of the page: its own scripts and styles, none inline, and no text
 * that becomes HTML; requests to its own host and to the project at `server`, Realtime included.
 */
export function contentSecurityPolicy(server: string): string {
  const { origin } = new URL(server);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${origin} ${origin.replace(/^http/, "ws")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
