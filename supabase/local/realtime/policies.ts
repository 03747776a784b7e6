import { DatabaseError, type Pool, type PoolClient } from "../database.ts";
import { Refusal } from "./refusal.ts";
import type { Claims } from "./tokens.ts";

/**
 * Asks the row level security of `realtime.messages` who may do what on a private topic: it writes or reads a message
 * as the user, and takes it back.
 */
export class Policies {
  #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws Refusal when the database is away */
  mayRead(topic: string, claims: Claims): Promise<boolean> {
    return this.#undone(async (client) => {
      const id = crypto.randomUUID();
      await client.query(
        "insert into realtime.messages (id, topic, extension) values ($1, $2, 'broadcast')",
        [id, topic],
      );
      if (!await become(client, topic, claims)) return false;
      const { rowCount } = await client.query("select from realtime.messages where id = $1", [id]);
      return rowCount === 1;
    });
  }

  /** @throws Refusal when the database is away */
  maySend(topic: string, claims: Claims): Promise<boolean> {
    return this.#undone(async (client) => {
      if (!await become(client, topic, claims)) return false;
      await client.query(
        "insert into realtime.messages (topic, extension) values ($1, 'broadcast')",
        [topic],
      );
      return true;
    });
  }

  async #undone(ask: (client: PoolClient) => Promise<boolean>): Promise<boolean> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      await client.query("begin");
      const answer = await ask(client);
      await client.query("rollback");
      client.release();
      return answer;
    } catch (error) {
      client?.release(true);
      if (isAnswer(error)) return false;
      throw new Refusal(
        "UnableToConnectToProject",
        "Realtime was unable to connect to the project database",
      );
    }
  }
}

/** Takes on the user's role and claims until the end of the transaction; false when it is no role of the API. */
async function become(client: PoolClient, topic: string, claims: Claims): Promise<boolean> {
  const { rows: [role] } = await client.query<{ allowed: boolean }>(
    "select pg_has_role('authenticator', $1, 'member') as allowed",
    [claims.role],
  );
  if (!role?.allowed) return false;
  await client.query(
    `select set_config('realtime.topic', $1, true), set_config('request.jwt.claims', $2, true),
      set_config('request.jwt.claim.sub', $3, true), set_config('request.jwt.claim.role', $4, true),
      set_config('request.headers', '{}', true), set_config('role', $4, true)`,
    [topic, JSON.stringify(claims), claims.sub ?? "", claims.role],
  );
  return true;
}

/** Whether the database said no, and is not merely going down. */
function isAnswer(error: unknown): boolean {
  return error instanceof DatabaseError && !error.code?.startsWith("57");
}
