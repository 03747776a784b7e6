import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { ApplicationError } from "../../shared/errors.ts";
import { endpoint, json } from "../../shared/http/endpoint.ts";
import { RebuildPath } from "./event_path.ts";
import { Rebuild } from "./rebuild_schema.ts";

export const getRebuild = endpoint({
  method: "get",
  path: "/rebuilds/{id}",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Progress and result of a rebuild, verification or rollback",
  request: { params: RebuildPath },
  problems: ["rebuild_not_found"],
  responses: { 200: json(Rebuild, "How far it is and what it found") },
}, async (c) => {
  const { id } = c.req.valid("param");
  const rebuild: Rebuild | null = dataOf(await adminClient().rpc("get_rebuild", { p_id: id }));
  if (!rebuild) throw new ApplicationError("rebuild_not_found", `There is no rebuild ${id}.`);
  return c.json(rebuild, 200);
});
