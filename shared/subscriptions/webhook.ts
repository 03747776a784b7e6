import type { StoredEvent } from "../events/envelope.ts";
import { refusedAddress } from "./webhook_address.ts";

/** Milliseconds a subscriber has to answer. */
const PATIENCE = 5_000;

/** Where and how to push a subscription's events. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** `whsec_` and the key in base64. */
  readonly secret: string;
}

/** Pushes one event. Returns null when the subscriber took it (2xx), otherwise what went wrong. */
export type Push = (target: Target, event: StoredEvent) => Promise<string | null>;

/**
 * Posts `{subscription, event}`, signed as Standard Webhooks says: `webhook-id` is the event's id
 * (the same on every attempt, so that a subscriber can tell a repeat), `webhook-timestamp`, and
 * `webhook-signature` over both and the body. Redirects are not followed, and
 * addresses inside a network are not called, except the hosts allowed.
 */
export const webhookPush = (allowedHosts: readonly string[]): Push => async (target, event) => {
  const refused = await refusedAddress(target.url, allowedHosts);
  if (refused) return `Not called: ${refused}`;
  const body = JSON.stringify({ subscription: target.name, event });
  const timestamp = String(Math.floor(Date.now() / 1000));
  try {
    const response = await fetch(target.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "webhook-id": event.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": await sign(target.secret, `${event.id}.${timestamp}.${body}`),
      },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    await response.body?.cancel();
    return response.ok ? null : `The subscriber answered ${response.status}`;
  } catch (error) {
    const late = error instanceof DOMException && error.name === "TimeoutError";
    return late ? `No answer within ${PATIENCE} ms` : "The subscriber could not be reached";
  }
};

/** The value of `webhook-signature`: `v1,` and the HMAC-SHA256 in base64. */
export async function sign(secret: string, content: string): Promise<string> {
  const raw = Uint8Array.from(
    atob(secret.replace(/^whsec_/, "")),
    (character) => character.charCodeAt(0),
  );
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
}
