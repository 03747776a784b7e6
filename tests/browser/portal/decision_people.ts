import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { callFunction } from "../../support/call_function.ts";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql, runningStack } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { propose } from "./proposal.ts";
import { onPhone, open } from "./visit.ts";

/** All that a decision about a price may consist of. */
const PRICE = ["product.price_changed"];

/** Who may answer what: of two people, within a veto window, to one's own proposal, to a promotion. */
export async function decisionPeopleSteps(t: Deno.TestContext, page: Page): Promise<void> {
  await using sql = openSql();
  const staff = await signIn("staff");
  const approver = await signIn("approver");
  const card = page.getByRole("region", { name: "The decision" });
  const dialog = page.getByRole("dialog");
  const approve = card.getByRole("button", { name: "Approve" });

  await t.step("one's own proposal is for somebody else, and the button says so", async () => {
    const type = await typeAt({ level: 1 });
    const { id } = await propose(type, staff.token, { token: staff.token });
    await open(page, `decisions/inbox/${id}`);
    await assertClosed("You proposed it: somebody else has to approve.");
    await page.keyboard.press("a");
    assertEquals(await dialog.count(), 0);
    assertEquals(await standing(id), { status: "proposed", approved_by: [] });
  });

  await t.step(
    "where two have to approve, one is not enough, and the second is another",
    async () => {
      const type = await typeAt({ level: 1, approvals: 2 });
      const { id, product } = await propose(type, staff.token);
      await open(page, `decisions/inbox/${id}`);
      await card.getByText("0 of 2 approvals").waitFor();
      await page.keyboard.press("a");
      await onPhone(page, () => assertAccessible(page));
      await dialog.getByRole("button", { name: "Approve" }).click();
      await card.getByText("1 of 2 approvals").waitFor();
      await assertClosed("You have approved it: somebody else has to, too.");
      await stands(id, { status: "proposed", approved_by: [`user:${staff.userId}`] });
      const { body } = await callFunction(`agents/decisions/${id}/approve`, {
        token: approver.token,
        body: { version: 2 },
      });
      assertEquals([body.status, body.detail], ["executed", undefined]);
      await card.getByText("executed").first().waitFor();
      const both = [staff, approver].map(({ userId }) => `user:${userId}`);
      await stands(id, { status: "executed", approved_by: both });
      assertEquals((await eventsOf(product)).length, 2);
    },
  );

  await t.step("a veto window says what silence does; an objection ends it", async () => {
    const type = await typeAt({ level: 2, event_types: PRICE, veto_seconds: 3600 });
    const { id, product } = await propose(type, staff.token);
    await open(page, `decisions/inbox/${id}`);
    await card.getByText("It is done when the veto window ends, unless somebody objects.")
      .waitFor();
    const item = page.getByRole("link", { name: new RegExp(type.replaceAll("_", " ")) });
    await item.getByText(/^done/).waitFor();
    await card.getByRole("button", { name: "Veto" }).click();
    await dialog.getByLabel("Reason").selectOption("bad_timing");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await card.getByText("vetoed").first().waitFor();
    await stands(id, { status: "vetoed", approved_by: [] });
    assertEquals((await eventsOf(product)).length, 1);
  });

  await t.step(
    "an edit that is not sent is there after a reload, and gone once it is sent",
    async () => {
      const type = await typeAt({ level: 1 });
      const { id, product } = await propose(type, staff.token);
      await open(page, `decisions/inbox/${id}`);
      await approve.waitFor();
      await page.keyboard.press("e");
      const events = dialog.getByRole("region", { name: "Events" });
      await events.getByLabel("new price").fill("5444");
      await dialog.getByRole("button", { name: "Take away product.price_changed" }).click();
      await dialog.getByText("it cannot be taken back").waitFor();
      await dialog.getByLabel("Note").fill("Below the competitor");
      await page.reload();
      await approve.waitFor();
      await page.keyboard.press("e");
      assertEquals(await dialog.getByLabel("Note").inputValue(), "Below the competitor");
      await dialog.getByRole("button", { name: "See what it would change" }).click();
      await dialog.getByRole("button", { name: "Approve" }).click();
      await card.getByText("executed").first().waitFor();
      assertEquals((await eventsOf(product))[1]?.data.new_price, 5444);
      assertEquals(await page.evaluate(drafts), []);
      await card.getByText("The edit names nothing that would undo it.").waitFor();
      await card.getByRole("button", { name: "Take back…" })
        .and(page.locator("[aria-disabled=true]")).waitFor();
    },
  );

  await t.step(
    "what an agent did alone and was drawn is listed until a person judges it",
    async () => {
      const limits = { max_percent: 50, max_per_day: 10 };
      const type = await typeAt({ level: 4, limits, event_types: PRICE, review_share: 1 });
      const { id } = await propose(type, staff.token);
      await stands(id, { status: "executed", approved_by: [] });
      await callFunction(`agents/decisions/${id}/outcome`, {
        key: runningStack().keys.secret,
        body: { outcome: "neutral" },
      });
      await open(page, "decisions/settled");
      await page.getByRole("link", { name: /^To review [1-9]/ }).click();
      await page.locator(`a[href="#/decisions/review/${id}"]`).click();
      await card.getByText("drawn for review").waitFor();
      await card.getByText("What came of it: neutral").waitFor();
      await assertAccessible(page);
      await card.getByRole("button", { name: "good" }).click();
      await card.getByText("What came of it: good").waitFor();
      await page.locator(`a[href="#/decisions/review/${id}"]`).waitFor({ state: "hidden" });
      const [row] = await sql`select review, outcome from public.agent_decisions where id = ${id}`;
      assertEquals({ ...row }, { review: "done", outcome: "good" });
    },
  );

  await t.step("a promotion that was earned is signed, and the level is the next", async () => {
    const type = await typeAt({ level: 1 });
    const data = { agent: "category", decision_type: type, from_level: 1, to_level: 2 };
    await sql`select private.append_fact('agent.promotion_proposed',
      private.policy_id('category', ${type}), ${sql.json({ ...data, ...earned })}, 'system')`;
    await open(page, "decisions/agents/category");
    const record = page.getByRole("region", { name: type });
    await record.getByText(/has earned level 2/).waitFor();
    const notice = record.locator("form", { hasText: "has earned" });
    await notice.getByLabel("product.price_changed", { exact: true }).check();
    await record.getByRole("button", { name: "Sign the promotion" }).click();
    await record.getByText(/^Level 2 veto window/).waitFor();
    await record.getByRole("button", { name: "Sign the promotion" }).waitFor({ state: "hidden" });
    const [signed] = await sql`select created_by, data from public.events
      where event_type = 'agent.policy_set' and data ->> 'decision_type' = ${type}
      order by event_number desc limit 1`;
    assertEquals(
      [signed?.created_by, signed?.data.level, signed?.data.event_types],
      [`user:${staff.userId}`, 2, PRICE],
    );
  });

  await t.step("what an agent does alone needs limits, and the form says so", async () => {
    await open(page, "decisions/agents");
    const form = page.locator("details", { hasText: "Let an agent do something new" });
    await form.getByText("Let an agent do something new").click();
    const required = () => form.getByLabel(/\(required\)/).count();
    assertEquals(await required(), 5); // approvals, times, share and reason
    await form.getByLabel("Level").selectOption("3");
    assertEquals(await required(), 8);
    await form.getByLabel("At most, in %").fill("5");
    assertEquals(await form.getByLabel("At most, in amount (required)").count(), 0);
    assertEquals(await form.getByLabel("At most a day (required)").count(), 1);
  });

  /** A type of decision of its own, and what the agent may do in it. */
  async function typeAt(terms: Record<string, unknown>): Promise<string> {
    const type = `portal_${crypto.randomUUID().slice(0, 8)}`;
    const { status, body } = await callFunction(`agents/category/policies/${type}`, {
      method: "PUT",
      token: staff.token,
      body: { reason: "A test", ...terms },
    });
    assertEquals([status, body.detail], [200, undefined]);
    return type;
  }

  async function assertClosed(reason: string): Promise<void> {
    await approve.and(page.locator("[aria-disabled=true]")).waitFor();
    assertEquals(await approve.getAttribute("title"), reason);
    await card.getByText(reason).last().waitFor();
  }

  async function standing(id: string) {
    const [row] =
      await sql`select status, approved_by from public.agent_decisions where id = ${id}`;
    return { ...row };
  }

  async function stands(id: string, wanted: Record<string, unknown>): Promise<void> {
    await eventually(async () => assertEquals(await standing(id), wanted), 30);
  }

  function eventsOf(product: string) {
    return sql`select data from public.events where aggregate_id = ${product}
      order by aggregate_version`;
  }
}

const drafts = `Object.keys(sessionStorage).filter((key) => key.includes(".decision."))`;

/** What a promotion rests on. */
const earned = {
  policy_version: 1,
  cases: 120,
  successes: 118,
  lower_bound: 0.94,
  brier_score: 0.02,
  calibration_error: 0.03,
};
