import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { callFunction } from "../../support/call_function.ts";
import { signIn } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { post, priceChanged } from "./goods.ts";
import { propose } from "./proposal.ts";
import { onPhone, open, overflows } from "./visit.ts";

export async function decisionSteps(t: Deno.TestContext, page: Page): Promise<void> {
  await using sql = openSql();
  const { token } = await signIn("staff");
  const type = `portal_${crypto.randomUUID().slice(0, 8)}`;
  const card = page.getByRole("region", { name: "The decision" });
  const dialog = page.getByRole("dialog");
  const statusOf = async (id: string) =>
    (await callFunction(`agents/decisions/${id}`, { token })).body.status;

  await t.step("what an agent may do is set, and starts with a reason", async () => {
    await open(page, "decisions/agents");
    const form = page.locator("details", { hasText: "Let an agent do something new" });
    await form.getByText("Let an agent do something new").click();
    await form.getByLabel("Agent", { exact: true }).fill("category");
    await form.getByLabel("Type of decision").fill(type);
    await form.getByLabel("Reason").fill("A first trial");
    const set = form.getByRole("button", { name: "Set it" });
    const types = form.getByRole("group", { name: "Event types", exact: true });
    // Silence is consent to what is named, to nothing else: the form asks for a name.
    await form.getByLabel("Level").selectOption("2");
    await set.click();
    await form.getByText("The level needs more of the policy").waitFor();
    await form.getByLabel("Level").selectOption("1");
    await types.getByLabel("product.price_changed").check();
    await set.click();
    await form.getByText("Set.").waitFor();
    const [stored] = await sql`select data from public.events
      where event_type = 'agent.policy_set' and data ->> 'decision_type' = ${type}`;
    assertEquals([stored?.data.level, stored?.data.event_types], [1, ["product.price_changed"]]);
    await open(page, "decisions/agents/category");
    const agent = page.getByRole("region", { name: "Agent category" });
    await agent.getByRole("region", { name: type }).getByText("1 propose: people approve").first()
      .waitFor();
    await agent.getByRole("region", { name: type }).getByText("product.price_changed", {
      exact: true,
    }).first().waitFor();
  });

  await t.step("a proposal shows its grounds and result, and is approved by keyboard", async () => {
    const { id, product } = await propose(type, token);
    await open(page, `decisions/inbox/${id}`);
    const rationale = card.getByText("Two competitors are cheaper.");
    await rationale.waitFor();
    assertEquals((await rationale.innerText()).split("\n").length, 2);
    await card.getByText("90 %").waitFor();
    await card.getByText("+120 margin in 30 d").waitFor();
    await card.getByText("What it read still holds.").waitFor();
    await card.getByText("by 1 event: product.price_changed (price 5,499 → 5,999)").waitFor();
    const price = card.getByRole("row").filter({ hasText: "base_price" });
    await price.getByText("5499").waitFor();
    await assertAccessible(page);
    await onPhone(page, async () => assertEquals(await overflows(page), false));
    await page.getByRole("list", { name: "Decisions" })
      .getByText(": price 5,999 → 5,499").first().waitFor();
    await page.keyboard.press("a");
    await dialog.getByText(": price 5,999 → 5,499").waitFor();
    await dialog.getByLabel("Note").fill("Checked");
    await dialog.getByRole("button", { name: "Approve" }).click();
    await card.getByRole("status").getByText("Approved: ").waitFor();
    await card.and(page.locator(":focus")).waitFor();
    await card.getByText("What came of it?").waitFor();
    await page.keyboard.press("a"); // there is nothing more to approve
    assertEquals(await dialog.count(), 0);
    assertEquals(await statusOf(id), "executed");
    await card.getByRole("button", { name: "good" }).click();
    await card.getByText("What came of it: good").waitFor();
    await card.getByRole("button", { name: "bad" }).click();
    await dialog.getByText("loses its autonomy").waitFor();
    await dialog.getByLabel("Reason").fill("Nobody bought it");
    await dialog.getByRole("button", { name: "It was bad" }).click();
    await card.getByText("What came of it: bad").waitFor();
    const [measured] = await sql`select data from public.events where aggregate_id = ${id}
      order by aggregate_version desc limit 1`;
    assertEquals([measured?.data.outcome, measured?.data.note], ["bad", "Nobody bought it"]);
    const [posted] = await sql`select data from public.events
      where aggregate_id = ${product} and aggregate_version = 2`;
    assertEquals(posted?.data.new_price, 5499);
    await card.getByText("staff@example.com").first().waitFor();
    await post(token, [priceChanged(product, 5499, 5600)], 20);
    await card.getByText(/^product.price_changed \d+ has moved product since.$/).waitFor();
    await card.getByRole("button", { name: "Take back…" }).and(page.locator("[aria-disabled=true]"))
      .waitFor();
  });

  await t.step("a proposal is edited, tried out and approved; then it is taken back", async () => {
    const { id, product } = await propose(type, token);
    await open(page, `decisions/inbox/${id}`);
    await card.getByRole("button", { name: "Approve" }).waitFor();
    await page.keyboard.press("e");
    const events = dialog.getByRole("region", { name: "Events" });
    const undoing = dialog.getByRole("region", { name: "What would take it back" });
    await events.locator("input:focus").waitFor();
    await events.getByLabel("new price").fill("5555");
    await dialog.getByRole("button", { name: "See what it would change" }).click();
    assertEquals(await undoing.getByLabel("old price").inputValue(), "5555"); // it follows
    await undoing.getByLabel("old price").fill("5499");
    await undoing.getByLabel("new price").fill("5998");
    const expected = dialog.getByRole("region", { name: "What it would change" });
    await expected.getByRole("row").filter({ hasText: "base_price" }).getByText("5555").waitFor();
    await assertAccessible(page);
    await dialog.getByRole("button", { name: "Approve" }).click();
    const wrong = undoing.getByLabel("old price").and(page.locator("[aria-invalid=true]:focus"));
    await wrong.waitFor();
    await undoing.getByText("Expected 5555, as it would be then").waitFor();
    await undoing.getByRole("group").getByText(/to end at 5999, not 5998$/).waitFor();
    assertEquals(await statusOf(id), "proposed");
    await wrong.fill("5555");
    await undoing.getByLabel("new price").fill("5999");
    await dialog.getByRole("button", { name: "Approve" }).click();
    await card.getByText("executed").first().waitFor();
    await card.getByRole("button", { name: "Take back…" }).click();
    await dialog.getByLabel("Reason").fill("The competitor was sold out");
    await dialog.getByRole("button", { name: "Take it back" }).click();
    await card.getByText("“The competitor was sold out”").waitFor();
    await card.and(page.locator(":focus")).waitFor();
    assertEquals(await statusOf(id), "compensated");
    const posted = await sql`select data from public.events
      where aggregate_id = ${product} order by aggregate_version offset 1`;
    assertEquals(posted.map(({ data }) => data.new_price), [5555, 5999]);
  });

  await t.step("a proposal is rejected with a reason", async () => {
    const { id } = await propose(type, token);
    await open(page, `decisions/inbox/${id}`);
    await card.getByRole("button", { name: "Reject" }).waitFor();
    await page.keyboard.press("r");
    await dialog.getByLabel("Reason").selectOption("too_risky");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await card.getByText("rejected").first().waitFor();
    assertEquals(await statusOf(id), "rejected");
    await page.getByRole("link", { name: "Settled" }).click();
    await page.getByRole("list", { name: "Decisions" }).getByText("rejected").first().waitFor();
  });

  await t.step("a target that has moved says so", async () => {
    const { id, product } = await propose(type, token);
    await post(token, [priceChanged(product, 5999, 6000)], 20);
    await open(page, `decisions/inbox/${id}`);
    await card.getByText("version 1 was read, it is at 2").waitFor();
    await open(page, "decisions/inbox?agent=somebody_else");
    await page.getByText("Nothing waits for you").waitFor();
  });

  await t.step("the kill switch stops an agent and all, and lets them go on", async () => {
    const { id } = await propose(type, token);
    await open(page, "decisions/agents/category");
    for (const whom of ["category", "all agents"]) {
      await page.getByRole("button", { name: `Stop ${whom}…` }).click();
      await dialog.getByLabel("Reason").fill("It reads yesterday's prices");
      await dialog.getByRole("button", { name: `Stop ${whom}` }).click();
      await page.getByRole("button", { name: `Let ${whom} go on…` }).waitFor();
      const { body } = await callFunction("agents", { token });
      const stopped = whom === "category"
        ? body.agents.find((one: { agent: string }) => one.agent === "category").stopped
        : body.all_stopped;
      assertEquals(stopped, true);
      if (whom === "category") await rejectsOf(id);
      await page.getByRole("button", { name: `Let ${whom} go on…` }).click();
      await dialog.getByLabel("Reason").fill("The feed is back");
      await dialog.getByRole("button", { name: `Let ${whom} go on` }).click();
      await page.getByRole("button", { name: `Stop ${whom}…` }).waitFor();
    }
    const reliability = page.getByRole("region", { name: type }).locator(".reliability");
    await reliability.getByRole("img", { name: /^Reliability/ }).waitFor();
    assertEquals(await reliability.getByText("50 %", { exact: true }).count(), 2);
    await assertAccessible(page);
    await onPhone(page, async () => assertEquals(await overflows(page), false));
  });
  /** While the agent is stopped: it says by whom and why, and what it proposed can be rejected. */
  async function rejectsOf(id: string): Promise<void> {
    const agent = page.getByRole("region", { name: "Agent category" });
    await agent.getByText(/The agent is stopped: staff@example.com/).waitFor();
    await agent.getByText("It reads yesterday's prices").waitFor();
    await agent.getByRole("link", { name: /proposals? of it wait/ }).click();
    await page.getByRole("link", { name: "Take away the filter Agent category" }).waitFor();
    await page.locator(`a[href*="${id}"]`).first().click();
    await card.locator(`a[href*="agent_decision/${id}"]`).waitFor(); // not the one before it
    await card.locator(".reason-why", { hasText: "The agent is stopped." }).waitFor();
    await page.keyboard.press("r");
    await dialog.getByLabel("Reason").selectOption("wrong_data");
    await dialog.getByRole("button", { name: "Reject" }).click();
    await card.getByText("rejected").first().waitFor();
    assertEquals(await statusOf(id), "rejected");
    await open(page, "decisions/agents/category");
  }
}
