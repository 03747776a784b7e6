/** Outcomes as the database guards them. */
import { assertEquals } from "@std/assert";
import type { ISql } from "postgres";
import { openSql, sqlAs } from "../../support/stack.ts";
import { STAFF } from "../people.ts";
import { codeOf, policy, proposeFor, somebodyWaits } from "./agency.ts";

const PERSON = { kind: "user", user_id: STAFF };
const BACKEND = { kind: "service" };

const record = (sql: ISql, id: string, outcome: string, actor: Record<string, string>) =>
  sql`select public.record_outcome(${id}, ${sql.json({ outcome })}, ${sql.json(actor)})`;

async function executed(): Promise<string> {
  const type = await policy();
  await using sql = openSql();
  const id = await proposeFor(sql, type, crypto.randomUUID());
  await sqlAs("authenticated", { sub: STAFF }, (s) => s`select public.approve_decision(${id}, 1)`);
  return id;
}

Deno.test("a key that waited while a person judged is refused; a person that waited for a key is not", async () => {
  const cases = [
    { first: PERSON, then: BACKEND, code: "ES042", stands: "neutral" },
    { first: BACKEND, then: PERSON, code: "done", stands: "good" },
  ];
  for (const { first, then, code, stands } of cases) {
    const id = await executed();
    let late = Promise.resolve("");
    await sqlAs("service_role", {}, async (sql) => {
      await record(sql, id, "neutral", first);
      late = codeOf(sqlAs("service_role", {}, (other) => record(other, id, "good", then)));
      await somebodyWaits(1163284302);
    });
    assertEquals(await late, code);
    await using sql = openSql();
    const [row] = await sql`select outcome from private.decisions where decision_id = ${id}`;
    assertEquals(row?.outcome, stands);
  }
});
