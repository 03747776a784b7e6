import { exportJWK, generateKeyPair, SignJWT } from "jose";

const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const stranger = await generateKeyPair("ES256");

export const USER = "5f0f3a0e-27a0-4b36-9b5c-0c6b3a9f2a11";
export const SERVICE_KEY = "sb_secret_service";
export const AGENT_KEY = "sb_secret_category";
export const AUTOMATION_KEY = "sb_secret_automations";

/** Gives the environment of a function whose project exists only here; nothing listens there. */
export async function useTestProject(): Promise<void> {
  Deno.env.set("SUPABASE_URL", "http://127.0.0.1:1");
  Deno.env.set("SUPABASE_PUBLISHABLE_KEYS", `{"default":"sb_publishable_x"}`);
  Deno.env.set(
    "SUPABASE_SECRET_KEYS",
    JSON.stringify({
      default: SERVICE_KEY,
      agent_category: AGENT_KEY,
      automations: AUTOMATION_KEY,
      other: "sb_secret_other",
    }),
  );
  const jwk = { ...await exportJWK(publicKey), kid: "here", alg: "ES256" };
  Deno.env.set("SUPABASE_JWKS", JSON.stringify({ keys: [jwk] }));
}

interface TokenOptions {
  sub?: string;
  audience?: string;
  /** Seconds from now. */
  expires?: number;
  foreign?: boolean;
}

/** A user token; by default one that this project accepts. */
export function userToken(options: TokenOptions = {}): Promise<string> {
  const { sub = USER, audience = "authenticated", expires = 3600, foreign = false } = options;
  return new SignJWT({ role: "authenticated" })
    .setProtectedHeader({ alg: "ES256", kid: "here" })
    .setSubject(sub)
    .setAudience(audience)
    .setExpirationTime(Math.floor(Date.now() / 1000) + expires)
    .sign(foreign ? stranger.privateKey : privateKey);
}
