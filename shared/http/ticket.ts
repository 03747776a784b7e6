import { environment } from "../environment.ts";
import { ApplicationError } from "../errors.ts";
import type { Principal } from "./principal.ts";

/** How long a ticket opens a stream, in seconds; an open stream may outlast it. */
export const TICKET_SECONDS = 600;

interface Claims {
  purpose: string;
  principal: Principal;
  /** Seconds since 1970. */
  exp: number;
}

/**
 * A ticket for one purpose, to put into a URL where no header can be sent. It proves who asked for
 * it and nothing else: it is no token, and opens no other route.
 */
export async function issueTicket(
  purpose: string,
  principal: Principal,
  now: number,
): Promise<{ ticket: string; expires_at: string }> {
  const exp = Math.floor(now / 1000) + TICKET_SECONDS;
  const claims: Claims = { purpose, principal, exp };
  const body = base64url(new TextEncoder().encode(JSON.stringify(claims)));
  const signature = await crypto.subtle.sign("HMAC", await key(), new TextEncoder().encode(body));
  return {
    ticket: `${body}.${base64url(new Uint8Array(signature))}`,
    expires_at: new Date(exp * 1000).toISOString(),
  };
}

/** The principal of a ticket. Throws `unauthenticated` when it is forged, expired or for another purpose. */
export async function redeemTicket(
  purpose: string,
  ticket: string,
  now: number,
): Promise<Principal> {
  const [body = "", signature = ""] = ticket.split(".");
  const bytes = fromBase64url(signature);
  const data = new TextEncoder().encode(body);
  const valid = bytes !== null && await crypto.subtle.verify("HMAC", await key(), bytes, data);
  if (!valid) throw refused("The ticket is not valid.");
  // Signed by this application, so it is what issueTicket wrote.
  const claims = JSON.parse(new TextDecoder().decode(fromBase64url(body) ?? data)) as Claims;
  if (claims.purpose !== purpose) throw refused("The ticket is for something else.");
  if (claims.exp * 1000 <= now) throw refused("The ticket has expired: ask for a new one.");
  return claims.principal;
}

let imported: Promise<CryptoKey> | undefined;

// Derived from the backend's secret key, so that rotating it ends all tickets, and never the key itself.
function key(): Promise<CryptoKey> {
  return imported ??= (async () => {
    const seed = new TextEncoder().encode(`event feed ticket:${environment().secretKeys.default}`);
    const digest = await crypto.subtle.digest("SHA-256", seed);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    return crypto.subtle.importKey("raw", digest, algorithm, false, ["sign", "verify"]);
  })();
}

function refused(detail: string): ApplicationError {
  return new ApplicationError("unauthenticated", detail, {
    headers: { "WWW-Authenticate": `Bearer realm="events"` },
  });
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_")
    .replaceAll("=", "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
