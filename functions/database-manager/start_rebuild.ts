import { z } from "@hono/zod-openapi";
import { adminClient } from "../../shared/database/client.ts";
import { dataOf } from "../../shared/database/sqlstate.ts";
import { aggregates, findAggregate, generations } from "../../shared/domain/aggregates.ts";
import { ApplicationError } from "../../shared/errors.ts";
import type { AppContext } from "../../shared/http/app_environment.ts";
import { actorOf } from "../../shared/http/authenticate.ts";
import { body, endpoint, json } from "../../shared/http/endpoint.ts";
import { aggregateTypes, reason } from "./event_path.ts";
import { Rebuild } from "./rebuild_schema.ts";

const what = {
  aggregate_types: aggregateTypes.optional().openapi({ description: "All without it" }),
  reason: reason.optional(),
};
const Verify = z.strictObject(what).openapi("StartVerification");
const Start = z.strictObject({
  ...what,
  switch_by_hand: z.boolean().default(false).openapi({
    description: "Stop after the comparison, until somebody lets it switch",
  }),
}).openapi("StartRebuild");

export const startRebuild = endpoint({
  method: "post",
  path: "/rebuild",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Fold the log anew and switch the state tables to the result",
  description: "Readers see the old rows until, in one transaction, they see the new ones.",
  request: { body: body(Start) },
  problems: ["aggregate_type_not_found", "rebuild_running"],
  responses: { 202: json(Rebuild, "It has started; Location says where to look") },
}, async (c) => {
  const { switch_by_hand, ...what } = c.req.valid("json");
  return c.json(...await start(c, "rebuild", what, switch_by_hand));
});

export const startVerification = endpoint({
  method: "post",
  path: "/verify",
  who: ["staff", "service"],
  tags: ["Rebuild"],
  summary: "Fold the log anew and report where the state tables differ",
  request: { body: body(Verify) },
  problems: ["aggregate_type_not_found", "rebuild_running"],
  responses: { 202: json(Rebuild, "It has started; Location says where to look") },
}, async (c) => c.json(...await start(c, "verify", c.req.valid("json"), false)));

async function start(
  c: AppContext,
  kind: "rebuild" | "verify",
  { aggregate_types, reason }: z.output<typeof Verify>,
  byHand: boolean,
): Promise<[Rebuild, 202]> {
  const types = aggregate_types ?? aggregates.map(({ type }) => type);
  const unknown = types.find((type) => !findAggregate(type));
  if (unknown) {
    throw new ApplicationError("aggregate_type_not_found", `"${unknown}" has no state table.`);
  }
  const rebuild: Rebuild = dataOf(
    await adminClient().rpc("start_rebuild", {
      p_kind: kind,
      p_aggregate_types: [...new Set(types)].sort(),
      p_generations: generations,
      p_switch_by_hand: byHand,
      p_actor: actorOf(c),
      p_reason: reason ?? null,
    }),
  );
  c.header("Location", `/functions/v1/database-manager/rebuilds/${rebuild.id}`);
  return [rebuild, 202];
}
