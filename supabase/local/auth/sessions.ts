/** Sessions: access tokens of one hour, refresh tokens that change with every use. */
import { createLocalJWKSet, jwtVerify } from "jose";
import type { Pool } from "../database.ts";
import { type SigningKey, signToken } from "../keys.ts";
import type { Accounts } from "./accounts.ts";
import { AuthError } from "./auth_error.ts";
import { userJson, type UserRow } from "./user_json.ts";

const lifetime = 3600; // seconds
const reuseInterval = 10; // seconds in which a used refresh token is taken once more, as hosted does

export class Sessions {
  #pool: Pool;
  #accounts: Accounts;
  #key: SigningKey;
  #issuer: string;
  #keySet: ReturnType<typeof createLocalJWKSet>;

  constructor(pool: Pool, accounts: Accounts, key: SigningKey, issuer: string) {
    this.#pool = pool;
    this.#accounts = accounts;
    this.#key = key;
    this.#issuer = issuer;
    this.#keySet = createLocalJWKSet(key.jwks);
  }

  /** Starts a session and answers as `/token` does. */
  async open(user: UserRow) {
    const { rows: [session] } = await this.#pool.query<{ id: string; created_at: Date }>(
      `insert into auth.sessions (id, user_id, created_at, updated_at, aal)
      values (gen_random_uuid(), $1, now(), now(), 'aal1') returning id, created_at`,
      [user.id],
    );
    if (!session) throw new Error("Inserting a session returned no row");
    return await this.#answer(user, session.id, session.created_at, null);
  }

  /** Trades a refresh token for a new pair; a token used long ago ends its session. */
  async refresh(token: unknown) {
    const { rows: [used] } = await this.#pool.query<Refresh>(
      `select token, t.user_id, session_id, revoked, s.created_at,
        t.updated_at > now() - make_interval(secs => $2) as fresh
      from auth.refresh_tokens as t join auth.sessions as s on s.id = session_id
      where token = $1`,
      [String(token ?? ""), reuseInterval],
    );
    if (!used) {
      throw new AuthError(
        400,
        "refresh_token_not_found",
        "Invalid Refresh Token: Refresh Token Not Found",
      );
    }
    if (used.revoked && !used.fresh) {
      await this.#pool.query("delete from auth.sessions where id = $1", [used.session_id]);
      throw new AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
    }
    await this.#pool.query(
      `update auth.refresh_tokens set revoked = true, updated_at = now()
      where token = $1 and not revoked`,
      [used.token],
    );
    await this.#pool.query(
      "update auth.sessions set refreshed_at = now(), updated_at = now() where id = $1",
      [used.session_id],
    );
    const user = await this.#accounts.get(used.user_id);
    return await this.#answer(user, used.session_id, used.created_at, used.token);
  }

  /** Whose session the request's token is of; 401 or 403 otherwise. */
  async verify(request: Request): Promise<{ user: UserRow; sessionId: string }> {
    const token = request.headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
    if (!token) {
      throw new AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token");
    }
    const { payload } = await jwtVerify(token, this.#keySet).catch(() => {
      throw new AuthError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
    });
    if (!payload.sub) throw new AuthError(403, "bad_jwt", "invalid claim: missing sub claim");
    const sessionId = String(payload.session_id);
    const { rowCount } = await this.#pool.query("select from auth.sessions where id = $1", [
      sessionId,
    ]);
    if (!rowCount) {
      throw new AuthError(
        403,
        "session_not_found",
        "Session from session_id claim in JWT does not exist",
      );
    }
    return { user: await this.#accounts.get(payload.sub), sessionId };
  }

  /** Ends this session, the user's others, or all (`scope`: local, others, global). */
  async close(userId: string, sessionId: string, scope: string): Promise<void> {
    await this.#pool.query(
      `delete from auth.sessions where user_id = $1
        and ($3 = 'global' or ($3 = 'others') = (id <> $2::uuid))`,
      [userId, sessionId, scope],
    );
  }

  async #answer(user: UserRow, sessionId: string, since: Date, parent: string | null) {
    const refreshToken = randomToken();
    await this.#pool.query(
      `insert into auth.refresh_tokens
        (instance_id, token, user_id, revoked, created_at, updated_at, parent, session_id)
      values ('00000000-0000-0000-0000-000000000000', $1, $2, false, now(), now(), $3, $4)`,
      [refreshToken, user.id, parent, sessionId],
    );
    const now = Math.floor(Date.now() / 1000);
    return {
      access_token: await signToken(this.#key, this.#claims(user, sessionId, since, now)),
      token_type: "bearer",
      expires_in: lifetime,
      expires_at: now + lifetime,
      refresh_token: refreshToken,
      user: userJson(user),
    };
  }

  #claims(user: UserRow, sessionId: string, since: Date, now: number) {
    return {
      iss: this.#issuer,
      sub: user.id,
      aud: "authenticated",
      exp: now + lifetime,
      iat: now,
      email: user.email,
      phone: user.phone ?? "",
      app_metadata: user.raw_app_meta_data ?? {},
      user_metadata: user.raw_user_meta_data ?? {},
      role: user.role,
      aal: "aal1",
      amr: [{ method: "password", timestamp: Math.floor(since.getTime() / 1000) }],
      session_id: sessionId,
      is_anonymous: user.is_anonymous,
    };
  }
}

interface Refresh {
  token: string;
  user_id: string;
  session_id: string;
  revoked: boolean;
  fresh: boolean;
  created_at: Date;
}

function randomToken(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9))))
    .replaceAll("+", "-").replaceAll("/", "_");
}
