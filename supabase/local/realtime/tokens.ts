import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { SigningKey } from "../keys.ts";
import { Refusal } from "./refusal.ts";

/** What a valid token says; `exp` in seconds since 1970. */
export type Claims = JWTPayload & { role: string; exp: number };

/** Reads tokens of this project. */
export class Tokens {
  #keySet: ReturnType<typeof createLocalJWKSet>;

  constructor(key: SigningKey) {
    this.#keySet = createLocalJWKSet(key.jwks);
  }

  /** @throws Refusal */
  async read(token: string): Promise<Claims> {
    const { payload } = await jwtVerify(token, this.#keySet).catch((error) => {
      throw refusalOf(error);
    });
    const { role, exp } = payload;
    if (typeof role !== "string" || exp === undefined) {
      throw new Refusal("InvalidJWTToken", "Fields `role` and `exp` are required in JWT");
    }
    return { ...payload, role, exp };
  }
}

/** The refusal of a token that ended at `exp`. */
export function expired(exp: number): Refusal {
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - exp));
  return new Refusal("InvalidJWTToken", `Token has expired ${seconds} seconds ago`);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) return expired(error.payload.exp ?? 0);
  if (error instanceof errors.JWSInvalid) {
    return new Refusal("MalformedJWT", "The token provided is not a valid JWT");
  }
  return new Refusal("JwtSignatureError", "Failed to validate JWT signature");
}
