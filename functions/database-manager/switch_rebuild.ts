import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { RebuildPath } from "./event_path.ts";
import { Rebuild } from "./rebuild_schema.ts";

export const switchRebuild = endpoint({
  method: "post",
  path: "/rebuilds/{id}/switch",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Let a compared rebuild switch",
  request: { params: RebuildPath },
  problems: ["rebuild_not_found", "wrong_state"],
  responses: { 200: json(Rebuild, "It switches now") },
}, async (c) => {
  const rebuild: Rebuild = dataOf(
    await adminClient().rpc("confirm_rebuild", {
      p_id: c.req.valid("param").id,
      p_actor: actorOf(c),
    }),
  );
  return c.json(rebuild, 200);
});
