import { assert, assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { id, productCreated, stored } from "../shop.ts";
import {
  type Act,
  actsOf,
  byStaff,
  done,
  manager,
  refusal,
  staff,
  untilProcessed,
} from "./manager.ts";

const nobody = id("rebuild: nobody");

/** Starts a rebuild or verification and gives it back when it has come to this. */
async function run(path: "rebuild" | "verify", body: unknown, until = "completed") {
  const { id } = await done(path, { body }, 202);
  return await reached(id, until);
}

function reached(rebuildId: string, status: string) {
  return eventually(async () => {
    const rebuild = await done(`rebuilds/${rebuildId}`);
    assertEquals(rebuild.status, status, JSON.stringify(rebuild));
    return rebuild;
  }, 30);
}

/** A rebuild that waits to be switched, and what ends it. */
async function waiting(run: (id: string) => Promise<void>): Promise<void> {
  const body = { aggregate_types: ["customer"], switch_by_hand: true };
  const { id } = await done("rebuild", { body }, 202);
  try {
    await reached(id, "compared");
    await run(id);
  } finally {
    await manager(`rebuilds/${id}/cancel`, { method: "POST" });
  }
}

const birth = await stored(productCreated(id("rebuild: pump")), staff);
await untilProcessed(birth.id);

Deno.test("a verification starts with 202 and a Location, and completes without a difference", async () => {
  const answer = await manager("verify", {
    body: { aggregate_types: ["product"], reason: "look" },
  });
  assertEquals(answer.status, 202);
  const { id, kind, aggregate_types, requested_by, reason } = answer.body;
  assertEquals(answer.headers.get("location"), `/functions/v1/database-manager/rebuilds/${id}`);
  assertEquals([kind, aggregate_types, requested_by, reason], [
    "verify",
    ["product"],
    `user:${staff.userId}`,
    "look",
  ]);
  const ended = await reached(id, "completed");
  assertEquals([ended.percent, ended.seconds_left, ended.error], [100, null, null]);
  assert(ended.events_done >= 1 && ended.events_per_second > 0);
  assertEquals([ended.differing_rows, ended.differences, ended.findings], [0, [], []]);
});

Deno.test("a rebuild leaves two events: started by whom and why, and completed", async () => {
  await using sql = openSql();
  const rebuild = await run("rebuild", { aggregate_types: ["product", "customer"], reason: "new" });
  const acts = await sql<Act[]>`
    select event_type, data, created_by from events
    where aggregate_type = 'system' and aggregate_id = ${rebuild.id} order by event_number`;
  assertEquals(acts.map(({ event_type, created_by }) => [event_type, created_by]), [
    ["system.rebuild_started", `user:${staff.userId}`],
    ["system.rebuild_completed", `user:${staff.userId}`],
  ]);
  assertEquals(acts[0]?.data, {
    rebuild_id: rebuild.id,
    kind: "rebuild",
    aggregate_types: ["customer", "product"],
    reason: "new",
  });
  assertEquals(acts[1]?.data.differing_rows, 0);
});

Deno.test("each act on a rebuild leaves exactly one event, with who and why", async () => {
  let rebuildId = "";
  const body = { aggregate_types: ["customer"], switch_by_hand: true };
  const start = await actsOf(async () => {
    rebuildId = (await done("rebuild", { body }, 202)).id;
    await reached(rebuildId, "compared");
  });
  assertEquals(start, [
    byStaff("system.rebuild_started", {
      rebuild_id: rebuildId,
      kind: "rebuild",
      aggregate_types: ["customer"],
    }),
  ]);
  const confirmed = await actsOf(async () => {
    await done(`rebuilds/${rebuildId}/switch`, { method: "POST" });
    await reached(rebuildId, "completed");
  });
  assertEquals(confirmed, [byStaff("system.rebuild_confirmed", { rebuild_id: rebuildId })]);
  const cancelled = await actsOf(() => waiting(() => Promise.resolve()));
  assertEquals(
    cancelled.map(({ event_type, created_by }) => [event_type, created_by]),
    [
      ["system.rebuild_started", `user:${staff.userId}`],
      ["system.rebuild_failed", `user:${staff.userId}`],
    ],
  );
});

Deno.test("while one runs, another is 409 with its id; so is a verification", async () => {
  await waiting(async (id) => {
    const acts = await actsOf(async () => {
      for (const path of ["rebuild", "verify"]) {
        const { status, body } = await manager(path, { body: {} });
        assertEquals([status, body.code, body.rebuild_id, body.kind], [
          409,
          "rebuild_running",
          id,
          "rebuild",
        ]);
      }
    });
    assertEquals(acts, []);
    assertEquals((await done("status")).rebuild, { id, kind: "rebuild", status: "compared" });
  });
});

Deno.test("of many started at the same moment one runs, the others are 409 with its id", async () => {
  const body = { aggregate_types: ["customer"], switch_by_hand: true };
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => manager("rebuild", { body })),
  );
  const started = answers.filter(({ status }) => status === 202);
  const refused = answers.filter(({ status }) => status !== 202);
  assertEquals(started.length, 1);
  const { id } = started[0]?.body;
  await manager(`rebuilds/${id}/cancel`, { method: "POST" });
  for (const { status, body } of refused) {
    assertEquals([status, body.code, body.rebuild_id], [409, "rebuild_running", id]);
  }
});

Deno.test("an unknown aggregate type is 404 and starts nothing", async () => {
  const acts = await actsOf(async () => {
    for (const types of [["nonsense"], ["product", "nonsense"], ["system"]]) {
      const body = { aggregate_types: types };
      assertEquals(await refusal("rebuild", { body }), [404, "aggregate_type_not_found"]);
      assertEquals(await refusal("verify", { body }), [404, "aggregate_type_not_found"]);
    }
  });
  assertEquals(acts, []);
});

Deno.test("a bad body is 422", async () => {
  for (
    const body of [{ aggregate_types: [] }, { types: ["product"] }, { switch_by_hand: "yes" }, {
      reason: "",
    }]
  ) {
    assertEquals(await refusal("rebuild", { body }), [422, "validation_failed"]);
  }
  const byHand = { switch_by_hand: true };
  assertEquals(await refusal("verify", { body: byHand }), [422, "validation_failed"]);
});

Deno.test("an unknown rebuild is 404, whatever is asked of it", async () => {
  const unknown = [404, "rebuild_not_found"];
  const post = { method: "POST" };
  assertEquals(await refusal(`rebuilds/${nobody}`), unknown);
  assertEquals(await refusal(`rebuilds/${nobody}/switch`, post), unknown);
  assertEquals(await refusal(`rebuilds/${nobody}/cancel`, post), unknown);
  assertEquals(await refusal(`rebuilds/${nobody}/rollback`, { body: {} }), unknown);
  assertEquals(await refusal("rebuilds/1"), [400, "invalid_parameter"]);
});

Deno.test("cancel and switch of a finished rebuild are 409", async () => {
  const { id } = await run("rebuild", { aggregate_types: ["customer"] });
  const acts = await actsOf(async () => {
    for (const act of ["cancel", "switch"]) {
      const found = await refusal(`rebuilds/${id}/${act}`, { method: "POST" });
      assertEquals(found, [409, "wrong_state"], act);
    }
  });
  assertEquals(acts, []);
});

Deno.test("rollback of a rebuild that is not the last, of a verification or of a cancelled one is 409", async () => {
  const first = await run("rebuild", { aggregate_types: ["customer"] });
  const second = await run("rebuild", { aggregate_types: ["customer"] });
  const verification = await run("verify", { aggregate_types: ["customer"] });
  let cancelled = "";
  await waiting((id) => Promise.resolve(void (cancelled = id)));
  const acts = await actsOf(async () => {
    for (const id of [first.id, verification.id, cancelled]) {
      const found = await refusal(`rebuilds/${id}/rollback`, { body: {} });
      assertEquals(found, [409, "wrong_state"]);
    }
  });
  assertEquals(acts, []);
  const { body } = await manager(`rebuilds/${second.id}/rollback`, { body: { reason: "worse" } });
  assertEquals([body.kind, body.rolls_back, body.reason], ["rollback", second.id, "worse"]);
  await reached(body.id, "completed");
  assertEquals(await refusal(`rebuilds/${second.id}/rollback`, { body: {} }), [409, "wrong_state"]);
});

Deno.test("after a rebuild that healed a field, blame names its system event", async () => {
  await using sql = openSql();
  await sql`update products set name = 'Corrupted' where id = ${birth.aggregate_id}`;
  const rebuild = await run("rebuild", { aggregate_types: ["product"] });
  assertEquals(rebuild.differing_rows, 1);
  const { fields } = await done(`rows/products/${birth.aggregate_id}/blame`);
  const [completed] = await sql`
    select id from events where aggregate_id = ${rebuild.id}
      and event_type = 'system.rebuild_completed'`;
  assertEquals([fields.name.value, fields.name.event_id], ["Pump", completed?.id]);
  assertEquals(fields.sku.event_id, birth.id);
  const { changes } = await done(`events/${completed?.id}/changes`);
  assertEquals(
    changes.map((one: { before: unknown; after: unknown }) => [one.before, one.after]),
    [[{ name: "Corrupted" }, { name: "Pump" }]],
  );
});
