import { assert, assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { backend, categoryAgent, person } from "../shop.ts";
import {
  answer,
  approve,
  decision,
  newProduct,
  newType,
  proposal,
  proposed,
  setPolicy,
  told,
  waiting,
} from "./agency.ts";

const staff = await person("staff");
const approver = await person("approver");

async function executed(): Promise<string> {
  const { id } = await waiting();
  assertEquals((await approve(id, staff)).body.status, "executed");
  return id;
}

const say = (id: string, outcome: string, credential: { token?: string; key?: string }) =>
  answer(id, "outcome", { outcome }, credential);

Deno.test("a person corrects anybody's outcome, the backend no person's", async () => {
  const id = await executed();
  assertEquals((await say(id, "neutral", backend())).status, 200);
  assertEquals((await say(id, "good", backend())).status, 200);
  assertEquals((await say(id, "bad", staff)).status, 200);
  assertEquals(told(await say(id, "good", backend())), [409, "judged_by_person"]);
  assertEquals((await decision(id)).outcome, "bad");
  assertEquals((await say(id, "neutral", approver)).status, 200);
  assertEquals(told(await say(id, "good", backend())), [409, "judged_by_person"]);
  assertEquals((await decision(id)).outcome, "neutral");
});

Deno.test("when both judge at the same instant, the person's word stands", async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, executed));
  await Promise.all(ids.map(async (id) => {
    const [machine, human] = await Promise.all([
      say(id, "good", backend()),
      say(id, "neutral", staff),
    ]);
    assertEquals(human.status, 200);
    assert(machine.status === 200 || machine.body.code === "judged_by_person");
    assertEquals((await decision(id)).outcome, "neutral");
  }));
});

Deno.test("what level 4 drew for review waits in the list until a person has judged it", async () => {
  const type = newType();
  const limits = { max_percent: 50, max_per_day: 9 };
  await setPolicy(type, { level: 4, limits, review_share: 1 });
  const drawn = await proposed(proposal(type, await newProduct()));
  const taken = await proposed(await withCompensation(type));
  await setPolicy(type, { level: 4, limits, review_share: 0 });
  const free = await proposed(proposal(type, await newProduct()));
  await listed(type, { waiting: [drawn, taken], done: [] });
  assertEquals(
    [(await decision(free)).status, (await decision(free)).review],
    ["executed", null],
  );

  assertEquals((await say(drawn, "good", backend())).status, 200);
  await eventually(async () => assertEquals((await rowOf(type, drawn)).outcome, "good"), 30);
  await listed(type, { waiting: [drawn, taken], done: [] });
  assertEquals((await say(drawn, "good", staff)).status, 200);
  const back = await answer(taken, "compensate", { reason: "A mistake" }, staff);
  assertEquals(back.status, 200, JSON.stringify(back.body));
  await listed(type, { waiting: [], done: [drawn, taken] });
  // An agent asks about its own; nobody knows other words.
  const own = await callFunction(`agents/decisions?review=done&decision_type=${type}`, {
    ...categoryAgent(),
  });
  assertEquals(own.body.decisions.length, 2);
  const unknown = await callFunction("agents/decisions?review=true", backend());
  assertEquals(told(unknown), [400, "invalid_parameter"]);
});

async function withCompensation(type: string) {
  const product = await newProduct();
  const [there] = proposal(type, product).proposed_events;
  const data = { old_price: 95, new_price: 100, reason: "Taken back" };
  return proposal(type, product, { compensation: [{ ...there, data }] });
}

async function rowsOf(type: string, query = "") {
  const path = `agents/decisions?decision_type=${type}${query}`;
  return (await callFunction(path, backend())).body.decisions as {
    id: string;
    outcome: string | null;
  }[]; // by the answer's schema
}

async function rowOf(type: string, id: string) {
  return { outcome: null, ...(await rowsOf(type)).find((one) => one.id === id) };
}

/** Waits until the two lists hold these decisions. */
async function listed(type: string, lists: { waiting: string[]; done: string[] }): Promise<void> {
  await eventually(async () => {
    for (const [review, ids] of Object.entries(lists)) {
      const rows = await rowsOf(type, `&review=${review}`);
      assertEquals(rows.map(({ id }) => id).sort(), ids.toSorted());
    }
  }, 30);
}
