import { Validator } from "@cfworker/json-schema";
import { assertEquals } from "@std/assert";
import { catalog, type CatalogEntry, jsonSchemaOf } from "../../../shared/events/catalog.ts";

/** By event type; made once, because making one costs more than a hundred checks. */
const validators = new Map(
  catalog.map((entry) => [entry.type, new Validator({ ...jsonSchemaOf(entry) }, "2020-12")]),
);

/** Places in example data, such as `items/0/unit_price`. */
type Path = readonly string[];

for (const entry of catalog) {
  Deno.test(`${entry.type} accepts its example, as zod and as JSON Schema`, () => {
    assertEquals(entry.schema.parse(entry.example), entry.example);
    assertEquals(verdicts(entry, entry.example), { zod: true, json: true });
  });

  Deno.test(`${entry.type} refuses everything that is not an object`, () => {
    for (const data of [null, [], "{}", 5, true]) refuses(entry, data);
  });

  Deno.test(`${entry.type} refuses an unknown key, at any depth`, () => {
    for (const path of paths(entry.example).filter(isStrictObject(entry))) {
      refuses(entry, changed(entry.example, [...path, "unknown_key"], 1));
    }
  });

  Deno.test(`${entry.type} refuses a missing required field`, () => {
    for (const field of requiredFields(entry)) {
      refuses(entry, changed(entry.example, [field], undefined));
    }
  });

  Deno.test(`${entry.type} refuses a wrong type in any field`, () => {
    for (const path of paths(entry.example).filter((path) => path.length > 0 && isChecked(path))) {
      const wrong = typeof at(entry.example, path) === "string" ? 7 : "seven";
      refuses(entry, changed(entry.example, path, wrong));
    }
  });

  Deno.test(`${entry.type} refuses numbers written as text, and what is no number`, () => {
    for (const path of paths(entry.example).filter(isChecked)) {
      if (typeof at(entry.example, path) !== "number") continue;
      for (const wrong of ["NaN", "Infinity", "5999.00", ""]) {
        refuses(entry, changed(entry.example, path, wrong));
      }
      // JSON has no NaN, so there is nothing to ask the JSON Schema.
      assertEquals(entry.schema.safeParse(changed(entry.example, path, NaN)).success, false);
    }
  });

  Deno.test(`${entry.type} refuses blank and unreadable text`, () => {
    for (const path of paths(entry.example).filter(isChecked)) {
      if (typeof at(entry.example, path) !== "string") continue;
      for (const wrong of ["", "  ", "a\u0000b", "a\ud800b"]) {
        refuses(entry, changed(entry.example, path, wrong));
      }
    }
  });

  Deno.test(`${entry.type} refuses negative amounts, a third decimal and amounts too large`, () => {
    for (const path of paths(entry.example).filter((path) => isMoney(path) && isChecked(path))) {
      for (const wrong of [-1, -0.01, 19.999, 0.001, 1e12, 1e300]) {
        refuses(entry, changed(entry.example, path, wrong));
      }
    }
  });
}

Deno.test("an update that changes nothing is refused", () => {
  for (const type of ["product.updated", "customer.profile_updated"]) refuses(find(type), {});
});

Deno.test("stock is either counted or moved, never both or neither", () => {
  const stock = find("product.stock_updated");
  const reason = "Count";
  assertEquals(verdicts(stock, { reason, stock_quantity: 0 }), { zod: true, json: true });
  assertEquals(verdicts(stock, { reason, quantity_change: -3 }), { zod: true, json: true });
  refuses(stock, { reason });
  refuses(stock, { reason, stock_quantity: 3, quantity_change: -3 });
  refuses(stock, { reason, stock_quantity: -1 });
  refuses(stock, { reason, quantity_change: 0.5 });
});

Deno.test("the seed's bad example of price.changed is refused, its good one accepted", () => {
  refuses(find("price.changed"), { new_price: 5499.00 });
  assertEquals(
    verdicts(find("price.changed"), {
      old_price: 5999.00,
      new_price: 5499.00,
      reason: "competitor_match",
      effective_date: "2025-10-27",
    }),
    { zod: true, json: true },
  );
});

Deno.test("the seed's product.created is accepted as it stands", () => {
  const data = JSON.parse(
    `{"sku":"SUBM-05HP-DOM-SS-50LPM-20M","name":"0.5HP Submersible Pump","base_price":5999.00}`,
  );
  assertEquals(verdicts(find("product.created"), data), { zod: true, json: true });
});

Deno.test("ids come out in lower case, as the database gives them back", () => {
  const received = find("payment.received");
  const upper = changed(received.example, ["order_id"], "123E4567-E89B-12D3-A456-426614174300");
  assertEquals(received.schema.parse(upper), received.example);
});

Deno.test("the largest amount is accepted by both", () => {
  const data = { sku: "A-1", name: "Pump", base_price: 999_999_999_999.99 };
  assertEquals(verdicts(find("product.created"), data), { zod: true, json: true });
});

function refuses(entry: CatalogEntry, data: unknown): void {
  assertEquals(verdicts(entry, data), { zod: false, json: false }, JSON.stringify(data));
}

function verdicts(entry: CatalogEntry, data: unknown): { zod: boolean; json: boolean } {
  const json = validators.get(entry.type)?.validate(data).valid ?? false;
  return { zod: entry.schema.safeParse(data).success, json };
}

function find(type: string): CatalogEntry {
  const entry = catalog.find((entry) => entry.type === type);
  if (entry === undefined) throw new Error(`"${type}" is not in the catalog`);
  return entry;
}

function requiredFields(entry: CatalogEntry): readonly string[] {
  // zod writes `required` as a list of names or leaves it out.
  return (jsonSchemaOf(entry).required ?? []) as string[];
}

/** All places in the value, itself included. */
function paths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

/** The data of a proposed event is free here: it is checked when the decision is approved. */
function isChecked(path: Path): boolean {
  return !(path[0] === "proposed_events" && path[2] === "data" && path.length > 3);
}

function isStrictObject(entry: CatalogEntry): (path: Path) => boolean {
  return (path) => {
    const value = at(entry.example, path);
    const free = path[0] === "proposed_events" && path[2] === "data";
    return typeof value === "object" && !Array.isArray(value) && !free;
  };
}

/** Effects, sizes of a change and limits of it are of any unit. */
function isMoney(path: Path): boolean {
  if (["expected_effect", "magnitude", "limits"].includes(path.at(-2) ?? "")) return false;
  return /(^|_)(price|cost|amount|total|limit)$/.test(path.at(-1) ?? "");
}

function at(value: unknown, path: Path): unknown {
  // Paths are made from the value they are used on.
  return path.reduce((inner, key) => (inner as Record<string, unknown>)[key], value);
}

/** The value with one place set to something else; undefined leaves the key out. */
function changed(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  // Every step but the last is an object or an array of the example.
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string,
    unknown
  >;
  copy[key] = changed(copy[key], rest, replacement);
  if (copy[key] === undefined) delete copy[key];
  return copy;
}
