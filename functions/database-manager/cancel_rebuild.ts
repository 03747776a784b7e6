import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { RebuildPath } from "./event_path.ts";
import { Rebuild } from "./rebuild_schema.ts";

export const cancelRebuild = endpoint({
  method: "post",
  path: "/rebuilds/{id}/cancel",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Give a running rebuild up; the state tables stay as they are",
  request: { params: RebuildPath },
  problems: ["rebuild_not_found", "wrong_state"],
  responses: { 200: json(Rebuild, "Given up") },
}, async (c) => {
  const rebuild: Rebuild = dataOf(
    await adminClient().rpc("cancel_rebuild", {
      p_id: c.req.valid("param").id,
      p_actor: actorOf(c),
    }),
  );
  return c.json(rebuild, 200);
});
