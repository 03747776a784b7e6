/** Users with e-mail and password. Passwords are hashed with bcrypt by PostgreSQL. */
import type { Pool } from "../database.ts";
import { AuthError } from "./auth_error.ts";
import type { UserRow } from "./user_json.ts";

const leastPasswordLength = 6;

export class Accounts {
  #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The user these credentials belong to; 400 otherwise. */
  async signIn(email: unknown, password: unknown): Promise<UserRow> {
    const address = emailAddress(email);
    const { rows: [match] } = await this.#pool.query<{ id: string }>(
      `update auth.users set last_sign_in_at = now(), updated_at = now()
      where email = $1 and not is_sso_user and deleted_at is null
        and encrypted_password = extensions.crypt($2, encrypted_password)
      returning id`,
      [address, String(password ?? "")],
    );
    if (!match) throw new AuthError(400, "invalid_credentials", "Invalid login credentials");
    return await this.get(match.id);
  }

  /** A new user, confirmed at once; 422 when the address is taken or the password too short. */
  async create(email: unknown, password: unknown, data: unknown): Promise<UserRow> {
    const address = emailAddress(email);
    if (typeof password !== "string" || password.length < leastPasswordLength) {
      const message = `Password should be at least ${leastPasswordLength} characters.`;
      throw new AuthError(422, "weak_password", message);
    }
    const id = await this.#insert(address, password, data ?? {});
    if (!id) throw new AuthError(422, "user_already_exists", "User already registered");
    return await this.get(id);
  }

  async get(id: string): Promise<UserRow> {
    const { rows: [user] } = await this.#pool.query<UserRow>(
      `select users.*, coalesce(
        (select jsonb_agg(jsonb_build_object(
          'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
          'provider', i.provider, 'last_sign_in_at', i.last_sign_in_at, 'created_at', i.created_at,
          'updated_at', i.updated_at, 'email', i.email))
        from auth.identities as i where i.user_id = users.id), '[]') as identities
      from auth.users where id = $1`,
      [id],
    );
    if (!user) {
      throw new AuthError(403, "user_not_found", "User from sub claim in JWT does not exist");
    }
    return user;
  }

  async #insert(email: string, password: string, data: unknown): Promise<string | undefined> {
    const { rows: [row] } = await this.#pool.query<{ user_id: string }>(
      `with created as (
        insert into auth.users (
          instance_id, id, aud, role, email, encrypted_password, email_confirmed_at, last_sign_in_at,
          confirmation_token, recovery_token, email_change_token_new, email_change,
          raw_app_meta_data, raw_user_meta_data, created_at, updated_at
        ) values (
          '00000000-0000-0000-0000-000000000000', gen_random_uuid(), 'authenticated', 'authenticated',
          $1, extensions.crypt($2, extensions.gen_salt('bf', 10)), now(), now(),
          '', '', '', '', '{"provider": "email", "providers": ["email"]}', $3, now(), now()
        )
        on conflict (email) where is_sso_user = false do nothing
        returning id, email
      )
      insert into auth.identities (
        provider_id, user_id, identity_data, provider, last_sign_in_at, created_at, updated_at
      )
      select id::text, id,
        jsonb_build_object('sub', id, 'email', email, 'email_verified', true, 'phone_verified', false),
        'email', now(), now(), now()
      from created
      returning user_id`,
      [email, password, JSON.stringify(data)],
    );
    return row?.user_id;
  }
}

function emailAddress(value: unknown): string {
  const address = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (/^[^\s@]+@[^\s@]+$/.test(address)) return address;
  throw new AuthError(400, "validation_failed", "Unable to validate email address: invalid format");
}
