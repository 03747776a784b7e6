import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { Act, RebuildPath } from "./event_path.ts";
import { Rebuild } from "./rebuild_schema.ts";

export const rollBackRebuild = endpoint({
  method: "post",
  path: "/rebuilds/{id}/rollback",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Go back to the rows from before the last rebuild",
  description: "Aggregates that events have changed since the switch keep their rows.",
  request: { params: RebuildPath, body: body(Act) },
  problems: ["rebuild_not_found", "rebuild_running", "wrong_state"],
  responses: { 202: json(Rebuild, "The rollback, which has started") },
}, async (c) => {
  const rebuild: Rebuild = dataOf(
    await adminClient().rpc("roll_back_rebuild", {
      p_id: c.req.valid("param").id,
      p_actor: actorOf(c),
      p_reason: c.req.valid("json").reason ?? null,
    }),
  );
  c.header("Location", `/functions/v1/database-manager/rebuilds/${rebuild.id}`);
  return c.json(rebuild, 202);
});
