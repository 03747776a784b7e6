import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DomainError, fold } from "../../../shared/domain/aggregate.ts";
import { product } from "../../../shared/domain/product.ts";
import { effectsAfter } from "../../../shared/database_manager/effects.ts";
import { commitOf } from "../../../shared/database_manager/commit.ts";
import { projectBatch } from "../../../shared/database_manager/project.ts";
import { batchOf, created, ORDER, pending, PRODUCT, repriced } from "./pending.ts";

Deno.test("a batch writes each row once, as it is at the end, and explains every event", () => {
  const commit = commitOf(projectBatch(batchOf([created, repriced(2, 2, 5999, 5499)])));

  assertEquals(commit.processed, [1, 2]);
  assertEquals(commit.upserts.products?.length, 1);
  assertEquals(commit.properties.products, Object.keys(commit.upserts.products?.[0] ?? {}));
  assertEquals(commit.upserts.products?.[0]?.base_price, 5499);
  assertEquals(commit.upserts.products?.[0]?.version, 2);
  assertEquals(
    commit.changes.map((change) => [change.event_number, change.operation, change.before === null]),
    [[1, "insert", true], [2, "update", false]],
  );
  assertEquals(commit.changes[1]?.before?.base_price, 5999);
  assertEquals(commit.changes[1]?.after?.base_price, 5499);
  assertEquals(commit.changes[1]?.after?.name, undefined);
});

Deno.test("a failing event stops its aggregate and leaves the others alone", () => {
  const other = { ...created, event_number: 2, aggregate_id: ORDER };
  const poison = pending(3, "product.price_changed", 2, { new_price: "NaN" });
  const behind = repriced(4, 3, 5999, 5499);

  const commit = commitOf(projectBatch(batchOf([created, other, poison, behind])));

  assertEquals(commit.processed, [1, 2]);
  assertEquals(commit.failures.map((failure) => failure.event_number), [3]);
  assertEquals(commit.failures[0]?.error_code, "invalid_event_data");
  assertEquals(commit.failures[0]?.retry_seconds, 1);
});

Deno.test("an event that fails for the last time is parked", () => {
  const poison = pending(3, "product.created", 1, { sku: 1 }, { processing_attempts: 2 });
  const commit = commitOf(projectBatch(batchOf([poison])));
  assertEquals(commit.failures[0]?.retry_seconds, null);
});

Deno.test("a hole in an aggregate's versions is a failure, never a guess", () => {
  const commit = commitOf(projectBatch(batchOf([created, repriced(3, 3, 5999, 5499)])));
  assertEquals(commit.processed, [1]);
  assertEquals(commit.failures[0]?.error_code, "version_hole");
});

Deno.test("the first event of a batch must follow the row it finds", () => {
  const [row] = commitOf(projectBatch(batchOf([created]))).upserts.products ?? [];
  const rows = { products: [row ?? {}] };
  assertEquals(
    commitOf(projectBatch(batchOf([repriced(2, 2, 5999, 5499)], rows))).processed,
    [2],
  );
  assertEquals(
    commitOf(projectBatch(batchOf([created], rows))).failures[0]?.error_code,
    "version_hole",
  );
});

Deno.test("a skipped event moves the version and nothing else", () => {
  const skipped = pending(2, "product.price_changed", 2, { new_price: "NaN" }, {
    skip_reason: "typo of the importer",
  });
  const commit = commitOf(projectBatch(batchOf([created, skipped, repriced(3, 3, 5999, 5499)])));

  assertEquals(commit.processed, [1, 2, 3]);
  assertEquals(commit.upserts.products?.[0]?.version, 3);
  assertEquals(commit.changes[1]?.after, { version: 2, updated_at: skipped.created_at });
});

Deno.test("an aggregate whose first event was skipped can still be created by the next", () => {
  const skipped = pending(1, "product.created", 1, { sku: 1 }, { skip_reason: "malformed" });
  const second = { ...created, event_number: 2, aggregate_version: 2, previous_processed: false };
  assertEquals(commitOf(projectBatch(batchOf([skipped, second]))).processed, [1, 2]);
  assertEquals(
    commitOf(projectBatch(batchOf([{ ...second, previous_processed: true }]))).processed,
    [2],
  );
  assertEquals(
    commitOf(projectBatch(batchOf([second]))).failures[0]?.error_code,
    "version_hole",
  );
});

Deno.test("an event of an unknown aggregate type is processed and changes no row", () => {
  const noted = pending(1, "warehouse.counted", 1, { shelves: 3 });
  const commit = commitOf(projectBatch(batchOf([noted])));
  assertEquals([commit.processed, commit.changes, commit.upserts], [[1], [], {}]);
});

Deno.test("effects carry their cause, one correlation and a key of their own", () => {
  const paid = pending(1, "payment.received", 1, {
    order_id: ORDER,
    amount: 20,
    method: "card",
  });
  const [effect] = commitOf(projectBatch(batchOf([paid]))).effects;
  assertEquals(effect?.event_type, "order.payment_received");
  assertEquals(effect?.aggregate_id, ORDER);
  assertEquals(effect?.causation_id, paid.id);
  assertEquals(effect?.correlation_id, paid.id);
  assertEquals(effect?.idempotency_key, `effect:${paid.id}:0`);
});

Deno.test("an effect knows how many led to it, and one without end parks its cause", () => {
  const paid = (metadata: Record<string, unknown>, created_by = "system") =>
    projectBatch(batchOf([
      pending(1, "payment.received", 1, { order_id: ORDER, amount: 20, method: "card" }, {
        metadata,
        created_by,
      }),
    ]))[0];
  const depth = (work: ReturnType<typeof paid>) =>
    work?.steps[0]?.effects[0]?.metadata.effect_depth;
  assertEquals(depth(paid({})), 1);
  assertEquals(depth(paid({ effect_depth: 9 })), 10);
  const endless = paid({ effect_depth: 10 });
  assertEquals([endless?.steps, endless?.failure?.error_code], [[], "endless_effects"]);
  // Nobody can stop another's effects by what they state.
  assertEquals(depth(paid({ effect_depth: 10 }, "user:1")), 1);
});

Deno.test("an effect whose data its type refuses parks its cause: stored, it could never be applied", () => {
  const effect = {
    event_type: "product.discontinued",
    aggregate_type: "product",
    aggregate_id: PRODUCT,
  };
  const aggregate = { ...product, effects: () => [{ ...effect, data: { why: "worn out" } }] };
  const state = fold(product, [created]);
  const error = assertThrows(() => effectsAfter(aggregate, state, created), DomainError);
  assertEquals(error.code, "invalid_effect");
  assertStringIncludes(error.message, '"product.discontinued": data/');
});
