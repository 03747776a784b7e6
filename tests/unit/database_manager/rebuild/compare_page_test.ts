import { assertEquals } from "@std/assert";
import { comparePage, type PageResult } from "../../../../shared/database_manager/rebuild/page.ts";
import { created, DEALER, MOTOR, moved, page, processed, productRow, PUMP } from "./pages.ts";

/** What differs, in short. */
function differing({ differences }: PageResult) {
  return differences.map(({ operation, table_name, row_id }) => [operation, table_name, row_id]);
}

function found({ findings }: PageResult) {
  return findings.map(({ kind, event_number }) => [kind, event_number]);
}

Deno.test("rows that equal the fold differ in nothing", () => {
  const events = [created(PUMP), moved(PUMP, 2, 5)];
  const result = comparePage(page(events, { products: [productRow(PUMP, 2, 5)] }));
  assertEquals([result.differences, result.findings], [[], []]);
  assertEquals(
    [result.events, result.after_type, result.after_id],
    [2, "product", PUMP],
  );
  assertEquals(result.partial_state, null);
});

Deno.test("an empty page ends nowhere and finds nothing", () => {
  const { differences, findings, events, after_type } = comparePage(page([]));
  assertEquals([differences, findings, events, after_type], [[], [], 0, ""]);
});

Deno.test("a field that differs is an update, with the whole row before and after", () => {
  const wrong = productRow(PUMP, 1, 0, { name: "Pumpe" });
  const { differences } = comparePage(page([created(PUMP)], { products: [wrong] }));
  assertEquals(differences, [{
    table_name: "products",
    row_id: PUMP,
    aggregate_type: "product",
    aggregate_id: PUMP,
    version: 1,
    operation: "update",
    before: wrong,
    after: productRow(PUMP, 1, 0),
  }]);
});

Deno.test("null and absent are the same, as a new column is before its first rebuild", () => {
  const { category: _, ...row } = productRow(PUMP, 1, 0);
  assertEquals(comparePage(page([created(PUMP)], { products: [row] })).differences, []);
});

Deno.test("a missing row is an insert, a row too many a delete", () => {
  const born = created(PUMP, {
    data: { sku: "P-1", name: "Pump", base_price: 100, cost: 40 },
  });
  assertEquals(differing(comparePage(page([born]))), [
    ["insert", "products", PUMP],
    ["insert", "product_costs", PUMP],
  ]);
  const costs = [{ product_id: PUMP, cost: 40 }];
  const rows = { products: [productRow(PUMP, 1, 0)], product_costs: costs };
  assertEquals(differing(comparePage(page([created(PUMP)], rows))), [
    ["delete", "product_costs", PUMP],
  ]);
});

Deno.test("rows with several key columns are named by them all", () => {
  const agreed = { product_id: PUMP, sku: "P-1", price: 90 };
  const events = [
    processed("dealer.application_submitted", DEALER, 1, {
      company_name: "Deccan Pumps",
      contact_name: "Ravi Joshi",
      email: "ravi@deccanpumps.example.com",
    }),
    processed("dealer.approved", DEALER, 2, {}, { schema_version: 2 }),
    processed("dealer.pricing_updated", DEALER, 3, { prices: [agreed], reason: "yearly" }),
  ];
  const other = { dealer_id: DEALER, product_id: MOTOR, owner_id: null, sku: "M", price: 1 };
  assertEquals(differing(comparePage(page(events, { dealer_prices: [other] }))), [
    ["insert", "dealers", DEALER],
    ["delete", "dealer_prices", `${DEALER}:${MOTOR}`],
    ["insert", "dealer_prices", `${DEALER}:${PUMP}`],
  ]);
});

Deno.test("several aggregates on a page are compared each with its own rows", () => {
  const events = [created(PUMP), moved(PUMP, 2, 5), created(MOTOR)];
  const products = [productRow(MOTOR, 1, 0), productRow(PUMP, 2, 6)];
  const { differences } = comparePage(page(events, { products }));
  assertEquals(differences.map(({ row_id, version }) => [row_id, version]), [[PUMP, 2]]);
});

Deno.test("an aggregate that goes on after the page is folded so far and not compared", () => {
  const events = [created(MOTOR), created(PUMP), moved(PUMP, 2, 5)];
  const result = comparePage(page(events, {}, { last_is_complete: false }));
  assertEquals(differing(result), [["insert", "products", MOTOR]]);
  const { state, version, failed } = result.partial_state ?? {};
  assertEquals([version, failed], [2, false]);
  assertEquals({ ...state }, { ...productRow(PUMP, 2, 5), costs: [] });
  assertEquals([result.after_id, result.after_version], [PUMP, 2]);
});

Deno.test("after a finished aggregate the scan goes on with another, whatever it gets meanwhile", () => {
  const { after_id, after_version } = comparePage(page([created(PUMP)]));
  assertEquals([after_id, after_version], [PUMP, Number.MAX_SAFE_INTEGER]);
});

Deno.test("folding page by page equals folding at once, however the pages are cut", () => {
  const story = [created(PUMP), ...[2, 3, 4, 5, 6].map((version) => moved(PUMP, version, version))];
  const next = created(MOTOR);
  const rows = { products: [productRow(PUMP, 6, 1), productRow(MOTOR, 1, 0)] };
  const whole = comparePage(page([...story, next], rows));
  assertEquals(whole.differences.length, 1);
  for (let cut = 1; cut < story.length; cut++) {
    const first = comparePage(page(story.slice(0, cut), rows, { last_is_complete: false }));
    assertEquals(first.differences, []);
    const second = comparePage(page([...story.slice(cut), next], rows, {
      // As it comes back from its jsonb column.
      partial_state: JSON.parse(JSON.stringify(first.partial_state)),
    }));
    assertEquals(second.differences, whole.differences, `cut after ${cut}`);
    assertEquals(second.findings, []);
  }
});

Deno.test("a partial state is of the page's first aggregate only", () => {
  const first = comparePage(page([created(PUMP)], {}, { last_is_complete: false }));
  const events = [moved(PUMP, 2, 5), created(MOTOR)];
  const products = [productRow(PUMP, 2, 5), productRow(MOTOR, 1, 0)];
  const { partial_state } = first;
  const second = comparePage(page(events, { products }, { partial_state }));
  assertEquals([second.differences, second.findings, second.partial_state], [[], [], null]);
});

Deno.test("a hole in the versions is a finding, and the aggregate is left alone", () => {
  const late = moved(PUMP, 3, 5);
  const result = comparePage(page([created(PUMP), late, moved(PUMP, 4, 1), created(MOTOR)]));
  assertEquals(found(result), [["version_hole", late.event_number]]);
  assertEquals(differing(result), [["insert", "products", MOTOR]]);
});

Deno.test("an aggregate whose first event is missing is a hole too", () => {
  const late = moved(PUMP, 2, 5);
  const result = comparePage(page([late]));
  assertEquals([found(result), result.differences], [[["version_hole", late.event_number]], []]);
});

Deno.test("an event that the domain refuses is a finding, and the aggregate is left alone", () => {
  const twice = { ...created(PUMP), aggregate_version: 2 };
  const spoiled = processed("product.stock_updated", MOTOR, 2, { quantity_change: "many" });
  const events = [created(PUMP), twice, moved(PUMP, 3, 1), created(MOTOR), spoiled];
  const result = comparePage(page(events));
  assertEquals(found(result), [
    ["fold_failed", twice.event_number],
    ["fold_failed", spoiled.event_number],
  ]);
  assertEquals(result.differences, []);
  assertEquals(result.findings[0]?.detail.includes("DomainError"), true);
});

Deno.test("a failure is carried over pages: the rest of the aggregate stays alone, found once", () => {
  const twice = { ...created(PUMP), aggregate_version: 2 };
  const first = comparePage(page([created(PUMP), twice], {}, { last_is_complete: false }));
  assertEquals(first.partial_state?.failed, true);
  const { partial_state } = first;
  const second = comparePage(page([moved(PUMP, 3, 1)], {}, { partial_state }));
  assertEquals([second.differences, second.findings], [[], []]);
});

Deno.test("a skipped event moves the version and nothing else", () => {
  const skipped = { ...moved(PUMP, 2, 500), skip_reason: "counted twice" };
  const result = comparePage(
    page([created(PUMP), skipped, moved(PUMP, 3, 1)], { products: [productRow(PUMP, 3, 1)] }),
  );
  assertEquals([result.differences, result.findings], [[], []]);
});

Deno.test("an aggregate of skipped events only has no row", () => {
  const skipped = { ...created(PUMP), skip_reason: "by mistake" };
  assertEquals(comparePage(page([skipped])).differences, []);
  const rows = { products: [productRow(PUMP, 1, 0)] };
  assertEquals(differing(comparePage(page([skipped], rows))), [["delete", "products", PUMP]]);
  const again = { ...created(PUMP), aggregate_version: 2, created_at: skipped.created_at };
  const born = productRow(PUMP, 2, 0, { updated_at: skipped.created_at });
  const after = comparePage(page([skipped, again], { products: [born] }));
  assertEquals([after.differences, after.findings], [[], []]);
});

Deno.test("an event without a receipt is a finding beside the comparison", () => {
  const lost = { ...moved(PUMP, 2, 5), has_receipt: false };
  const result = comparePage(page([created(PUMP), lost], { products: [productRow(PUMP, 1, 0)] }));
  assertEquals(found(result), [["missing_receipt", lost.event_number]]);
  assertEquals(differing(result), [["update", "products", PUMP]]);
});

Deno.test("a skipped event needs no receipt; one whose receipt was not looked for has one", () => {
  const skipped = { ...moved(PUMP, 2, 5), has_receipt: false, skip_reason: "counted twice" };
  const { has_receipt: _, ...unseen } = moved(PUMP, 3, 1);
  const rows = { products: [productRow(PUMP, 3, 1)] };
  assertEquals(comparePage(page([created(PUMP), skipped, unseen], rows)).findings, []);
});

Deno.test("an event of a registered type, unknown to the code, moves the version only", () => {
  const reviewed = processed("product.reviewed", PUMP, 2, { stars: 5 });
  const rows = { products: [productRow(PUMP, 2, 0)] };
  assertEquals(comparePage(page([created(PUMP), reviewed], rows)).differences, []);
});

Deno.test("events of a type without state tables are passed over", () => {
  const note = processed("note.written", PUMP, 1, {});
  const result = comparePage(page([note, created(MOTOR)], { products: [productRow(MOTOR, 1, 0)] }));
  assertEquals([result.differences, result.findings, result.events], [[], [], 2]);
});

Deno.test("an event of an older schema version differs in nothing from its twin of today", () => {
  const applied = processed("dealer.application_submitted", DEALER, 1, {
    company_name: "Deccan Pumps",
    contact_name: "Ravi Joshi",
    email: "ravi@deccanpumps.example.com",
  });
  const old = processed("dealer.approved", DEALER, 2, { tier: "silver", discount: 0.075 });
  const twin = { ...old, schema_version: 2, data: { tier: "silver", discount_percent: 7.5 } };
  assertEquals(comparePage(page([applied, old])), comparePage(page([applied, twin])));
});

Deno.test("what a page is given is not changed", () => {
  const given = page([created(PUMP), moved(PUMP, 2, 5)], { products: [productRow(PUMP, 1, 0)] });
  const before = structuredClone(given);
  comparePage(given);
  assertEquals(given, before);
});
