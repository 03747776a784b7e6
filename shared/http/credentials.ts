import { createHash } from "node:crypto";
import { extractCredentials, verifyCredentials } from "@supabase/server/core";
import type { JSONWebKeySet } from "jose";
import { environment } from "../environment.ts";
import { ApplicationError } from "../errors.ts";
import { type Principal, principalOfKey } from "./principal.ts";

/** A verified credential: who it is, and the user token to act with, if there is one. */
export interface Identity {
  principal: Principal;
  token: string | null;
}

/** How long a verified credential is believed without checking it again, in milliseconds. */
const BELIEVED_FOR = 10_000;
const MOST_REMEMBERED = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const remembered = new Map<string, { identity: Identity; until: number }>();

/**
 * Says who sends this request. A token that is present must be valid, whatever else is sent.
 * Verified credentials are remembered by their SHA-256 for a few seconds, never past `exp`.
 *
 * @throws ApplicationError `unauthenticated` (401), `auth_unavailable` (503)
 */
export async function identify(request: Request): Promise<Identity> {
  const credentials = extractCredentials(request);
  const digest = fingerprint(`${credentials.token ?? ""}\n${credentials.apikey ?? ""}`);
  const known = remembered.get(digest);
  if (known && known.until > Date.now()) return known.identity;

  const { identity, expires } = await verify(credentials);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(digest, { identity, until: Math.min(expires, Date.now() + BELIEVED_FOR) });
  return identity;
}

async function verify(
  credentials: { token: string | null; apikey: string | null },
): Promise<{ identity: Identity; expires: number }> {
  const { url, publishableKeys, secretKeys, jwks } = environment();
  const { data, error } = await verifyCredentials(credentials, {
    auth: ["user", "secret:*"],
    audience: "authenticated",
    // The environment module has checked the shape that jose wants: an array of objects.
    env: { url, publishableKeys, secretKeys, jwks: jwks as unknown as JSONWebKeySet },
  });
  if (error && error.status >= 500) {
    throw new ApplicationError("auth_unavailable", "Credentials cannot be checked right now.", {
      headers: { "Retry-After": "5" },
      cause: error,
    });
  }
  if (error) throw refusal(credentials, error.message);
  if (data.authMode === "user") return userIdentity(data.token, data.jwtClaims);
  return keyIdentity(data.keyName);
}

function userIdentity(
  token: string | null,
  claims: { sub: string; exp?: number } | null,
): { identity: Identity; expires: number } {
  const userId = claims?.sub.toLowerCase() ?? "";
  if (!UUID.test(userId)) throw unauthenticated("invalid_token", "The token names no user.");
  if (!claims?.exp) throw unauthenticated("invalid_token", "The token never expires.");
  const principal: Principal = { kind: "user", userId, createdBy: `user:${userId}` };
  return { identity: { principal, token }, expires: claims.exp * 1000 };
}

function keyIdentity(keyName: string | null | undefined): { identity: Identity; expires: number } {
  const principal = principalOfKey(keyName ?? "");
  if (!principal) throw unauthenticated(null, "This key has no part in this application.");
  return { identity: { principal, token: null }, expires: Infinity };
}

function refusal(
  { token, apikey }: { token: string | null; apikey: string | null },
  message: string,
): ApplicationError {
  if (token && !token.startsWith("sb_")) {
    return unauthenticated("invalid_token", message.replace(/^\[@supabase\/server\] /, ""));
  }
  return unauthenticated(
    null,
    apikey
      ? "The apikey is no secret key of this project."
      : "Send a user token as Authorization: Bearer, or a secret key as apikey.",
  );
}

function unauthenticated(reason: "invalid_token" | null, detail: string): ApplicationError {
  const challenge = reason ? `Bearer realm="events", error="${reason}"` : `Bearer realm="events"`;
  return new ApplicationError("unauthenticated", detail, {
    headers: { "WWW-Authenticate": challenge },
  });
}

// The one of crypto.subtle hands each few bytes to another thread and back: ten times as long.
function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
