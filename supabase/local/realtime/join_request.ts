import { z } from "zod";

const flag = z.boolean().default(false).catch(false);
const text = z.string().optional().catch(undefined);

const joinPayload = z.object({
  access_token: text,
  user_token: text,
  config: z.object({
    private: flag,
    postgres_changes: z.array(z.unknown()).default([]).catch([]),
    broadcast: z.object({ ack: flag, self: flag, replication_ready: flag }).prefault({}),
  }).prefault({}),
});

/** What a client asks for when it joins. */
export interface JoinRequest {
  /** None, or a key instead of a token: the rights of the API key. */
  token?: string;
  isPrivate: boolean;
  /** It also wants the changes of tables. */
  wantsChanges: boolean;
  /** Its broadcasts are acknowledged. */
  ack: boolean;
  /** It hears its own broadcasts. */
  self: boolean;
  /** It is told when messages of the database are heard. */
  replicationReady: boolean;
}

/** Reads the payload of `phx_join`; what is not there, or of another shape, is not asked for. */
export function joinRequest(payload: unknown): JoinRequest {
  const { access_token, user_token, config } = joinPayload.catch(() => joinPayload.parse({}))
    .parse(payload);
  const token = user_token ?? access_token;
  return {
    token: token?.startsWith("sb_") ? undefined : token,
    isPrivate: config.private,
    wantsChanges: config.postgres_changes.length > 0,
    ack: config.broadcast.ack,
    self: config.broadcast.self,
    replicationReady: config.broadcast.replication_ready,
  };
}
