/** API keys and token signing keys of the local project. */
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";

/**
 * The default ones are the Supabase CLI's own local keys. All are known to everybody and open nothing but a database on
 * this machine.
 */
export const apiKeys = {
  publishable: "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH",
  secret: "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz",
  automations: "sb_secret_automations_local_0000000000000",
  agent_category: "sb_secret_agent_category_local_0000000000",
} as const;

/** What the functions get as SUPABASE_PUBLISHABLE_KEYS and SUPABASE_SECRET_KEYS. */
export const publishableKeys = { default: apiKeys.publishable };
export const secretKeys = {
  default: apiKeys.secret,
  automations: apiKeys.automations,
  agent_category: apiKeys.agent_category,
};

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  /** Public halves only: what `/auth/v1/.well-known/jwks.json` answers. */
  jwks: { keys: JWK[] };
}

/** Reads the project's ES256 key from `file`, or makes one there at the first start. */
export async function signingKey(file: string): Promise<SigningKey> {
  const jwk = await readKey(file) ?? await makeKey(file);
  const { d: _private, ...publicHalf } = jwk;
  const privateKey = await importJWK(jwk, "ES256") as CryptoKey; // bytes only for symmetric keys
  return {
    kid: String(jwk.kid),
    privateKey,
    jwks: { keys: [{ ...publicHalf, alg: "ES256", use: "sig", key_ops: ["verify"] }] },
  };
}

/** Signs `claims` as the project's auth server does. Times are seconds since 1970. */
export async function signToken(
  { kid, privateKey }: SigningKey,
  claims: Record<string, unknown>,
): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" })
    .sign(privateKey);
}

async function readKey(file: string): Promise<JWK | undefined> {
  const text = await Deno.readTextFile(file).catch(() => undefined);
  return text && JSON.parse(text);
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...await exportJWK(privateKey), kid: crypto.randomUUID() };
  await Deno.writeTextFile(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}
