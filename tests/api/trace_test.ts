/** Why an event happened and what it led to, over HTTP. */
import { assertEquals } from "@std/assert";
import { post, stockUpdated, type Stored } from "../database/posting.ts";
import { callFunction } from "../support/call_function.ts";
import { openSql } from "../support/stack.ts";
import { backend, categoryAgent, person, priceChanged, productCreated, stored } from "./shop.ts";

const staff = await person("staff");

interface Traced {
  id: string;
  depth: number;
  causation_id: string | null;
}

async function trace(id: string) {
  const { status, body } = await callFunction(`events/${id}/trace`, staff);
  assertEquals(status, 200, JSON.stringify(body));
  const brief = (events: Traced[]) => events.map(({ id, depth }) => [id, depth]);
  return {
    event: body.event.id,
    causes: brief(body.causes),
    effects: brief(body.effects),
    correlated: body.correlated.map(({ id }: Traced) => id),
    truncated: body.truncated,
  };
}

/** A root, its two effects, and two effects of the first of them. */
async function family() {
  const product = crypto.randomUUID();
  const correlation_id = `trace-${product}`;
  const next = async (cause?: { id: string }) =>
    await stored(
      cause
        ? priceChanged(product, { causation_id: cause.id, correlation_id })
        : productCreated(product, { correlation_id }),
      backend(),
    );
  const root = await next();
  const [one, other] = [await next(root), await next(root)];
  const [first, second] = [await next(one), await next(one)];
  return { correlation_id, ids: [root, one, other, first, second].map(({ id }) => id) };
}

Deno.test("a trace names causes upwards, effects downwards breadth first, and the correlation group", async () => {
  const { ids } = await family();
  const [root, one, other, first, second] = ids;
  assertEquals(await trace(root), {
    event: root,
    causes: [],
    effects: [[one, 1], [other, 1], [first, 2], [second, 2]],
    correlated: ids,
    truncated: false,
  });
  assertEquals(await trace(one), {
    event: one,
    causes: [[root, -1]],
    effects: [[first, 1], [second, 1]],
    correlated: ids,
    truncated: false,
  });
  const { causes, effects } = await trace(second);
  assertEquals([causes, effects], [[[one, -1], [root, -2]], []]);
});

Deno.test("the correlation group holds those without a cause, too, and no strangers", async () => {
  const { correlation_id, ids } = await family();
  await family();
  const relative = await stored(productCreated(crypto.randomUUID(), { correlation_id }), backend());
  const { effects, correlated } = await trace(ids[0]);
  assertEquals([effects.length, correlated], [4, [...ids, relative.id]]);
});

Deno.test("a long chain is followed 100 steps up and 20 down, and says that there is more", async () => {
  await using sql = openSql();
  const product = crypto.randomUUID();
  const chain: Stored[] = [];
  for (let i = 0; i <= 101; i++) {
    const causation_id = chain.at(-1)?.id;
    const { events } = await post(sql, [
      stockUpdated(product, causation_id ? { causation_id } : {}),
    ]);
    chain.push(...events);
  }
  const ids = chain.map(({ id }) => id);
  const [first = "", last = ""] = [ids.at(0), ids.at(-1)];
  const up = await trace(last);
  const upwards = ids.slice(1, -1).reverse().map((id, i) => [id, -1 - i]);
  assertEquals([up.causes, up.truncated], [upwards, true]);
  const down = await trace(first);
  const downwards = ids.slice(1, 21).map((id, i) => [id, i + 1]);
  assertEquals([down.effects, down.truncated], [downwards, true]);
  assertEquals((await trace(ids.at(-2) ?? "")).truncated, false);
});

Deno.test("staff and the backend trace; customers and agents do not; what is not there is 404", async () => {
  const { ids: [root] } = await family();
  const ask = async (id: string, credential: { token?: string; key?: string }) => {
    const { status, body } = await callFunction(`events/${id}/trace`, credential);
    return [status, body.code];
  };
  assertEquals(await ask(root, backend()), [200, undefined]);
  assertEquals(await ask(root, await person("customer")), [403, "forbidden"]);
  assertEquals(await ask(root, categoryAgent()), [403, "forbidden"]);
  assertEquals(await ask(root, {}), [401, "unauthenticated"]);
  assertEquals(await ask(crypto.randomUUID(), staff), [404, "event_not_found"]);
  assertEquals(await ask("seven", staff), [400, "invalid_parameter"]);
});
