/** What the compiler refuses. `deno check` fails when one of the errors expected here is none. */
import { assertEquals } from "@std/assert";
import {
  createEventClient,
  type EventClient,
  isEvent,
  type StoredEvent,
} from "../../../shared/client/mod.ts";
import { eventDataFile, eventDataTypes, formatted } from "../../../supabase/write_event_data.ts";

const aggregate_id = "00000000-7e57-4000-8000-000000000001";

/** Never called: only its types count. */
export async function compiled(events: EventClient, stored: StoredEvent): Promise<void> {
  const product = { aggregate_type: "product", aggregate_id } as const;
  const created = { ...product, event_type: "product.created" } as const;
  const discontinued = { ...product, event_type: "product.discontinued" } as const;
  const inspected = { ...product, event_type: "product.inspected" } as const;
  const pump = { sku: "P-1", name: "Pump", base_price: 5999 };

  await events.post({ ...created, data: pump });
  // @ts-expect-error the price is a number
  await events.post({ ...created, data: { ...pump, base_price: "1" } });
  // @ts-expect-error the name is missing
  await events.post({ ...created, data: { sku: "P", base_price: 1 } });
  // @ts-expect-error such an event has no SKU
  await events.post({ ...discontinued, data: { sku: "P-1" } });
  // @ts-expect-error nobody knows the field
  await events.post({ ...discontinued, data: { reason: "x", z: 1 } });
  // @ts-expect-error the type belongs to products
  await events.post({ ...created, aggregate_type: "order", data: pump });
  // @ts-expect-error there is no such type
  await events.post({ ...inspected, data: {} });
  // @ts-expect-error the aggregate is missing
  await events.post({ ...created, aggregate_id: undefined, data: pump });

  await events.postBatch([
    { ...created, data: pump },
    { ...discontinued, data: { reason: "sold out" } },
    { ...inspected, data: { registered: "at run time" } },
  ]);
  // @ts-expect-error the second is wrong
  await events.postBatch([{ ...created, data: pump }, { ...discontinued, data: { sku: "P" } }]);
  await events.postRegistered({ ...inspected, data: { by: "Eve" } });

  if (isEvent(stored, "product.created")) {
    const price: number = stored.data.base_price;
    // @ts-expect-error it is a number
    const text: string = stored.data.base_price;
    await Promise.all([price, text]);
  }
  // @ts-expect-error unknown without a look at the type
  stored.data.base_price.toFixed(2);
  // @ts-expect-error order is asc or desc
  events.query({ order: "newest" });
  // @ts-expect-error one or the other
  events.subscribe({ after: "yesterday" });
  // @ts-expect-error where to?
  createEventClient({ key: "sb_secret" });
}

Deno.test("the client's types of event data are those of the catalog", async () => {
  const written = await Deno.readTextFile(eventDataFile);
  const expected = await formatted(eventDataTypes());
  assertEquals(written, expected, "Run: deno run -A supabase/write_event_data.ts");
});
