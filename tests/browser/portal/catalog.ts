import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { post } from "./goods.ts";
import { inSight, onPhone, open, overflows } from "./visit.ts";

export async function catalogSteps(t: Deno.TestContext, page: Page): Promise<void> {
  await using sql = openSql();
  const name = `portal${crypto.randomUUID().slice(0, 8)}`;

  await t.step("a type shows its schema, an example and its use", async () => {
    await open(page, "catalog");
    const types = page.getByRole("region", { name: "Event types" });
    await types.getByRole("link", { name: "product.price_changed" }).waitFor();
    await types.getByRole("button", { name: "Type" }).click();
    await types.getByRole("columnheader", { name: "Type" }).and(page.locator("[aria-sort]"))
      .waitFor();
    const [first, ...others] = await types.locator("td:first-child a").allTextContents();
    await types.getByRole("button", { name: "Type" }).click();
    const turned = await types.locator("td:first-child a").allTextContents();
    assertEquals([turned.at(-1), turned.length], [first, others.length + 1]);
    await page.getByLabel("Filter types").fill("price_changed");
    await page.getByRole("link", { name: "product.price_changed" }).click();
    await page.getByText("competitor_match").waitFor();
    await page.getByRole("link", { name: /\d+ times/ }).waitFor();
    await page.getByRole("button", { name: "Register a version…" })
      .and(page.locator("[title='It is defined in code: change it there.']")).waitFor();
    await assertAccessible(page);
    await onPhone(page, async () => {
      assertEquals(await overflows(page), false);
      await page.getByLabel("Filter types").fill("");
      await page.getByRole("link", { name: "product.stock_updated" }).click();
      const chosen = page.getByRole("heading", { name: "product.stock_updated" });
      await eventually(async () => assert(await inSight(chosen)));
      const screens = page.getByRole("navigation", { name: "Screens" });
      assert(await inSight(screens.getByRole("link", { name: "Catalog" })));
      assertEquals(await overflows(page), false); // with every column
    });
  });

  await t.step(
    "a type is registered, and refused with the reason when it is not sound",
    async () => {
      await page.getByRole("button", { name: "Register a type…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Name").fill(`${name}.noted`);
      await page.mouse.click(5, 5); // beside it: what was typed stays
      await dialog.getByLabel("Description").fill("Something was noted.");
      await dialog.getByLabel("Example it refuses").fill('{"note": "b"}');
      await dialog.getByRole("button", { name: "Register" }).click();
      await dialog.getByRole("alert").getByText("Expected data that the schema refuses").waitFor();
      await dialog.getByLabel("Example it refuses").fill("{}"); // as it was
      await onPhone(page, () => assertAccessible(page));
      await dialog.getByRole("button", { name: "Register" }).click();
      await page.getByRole("region", { name: `${name}.noted` }).waitFor();
      const [type] = await sql`select posted_by from public.event_types
      where event_type = ${`${name}.noted`}`;
      assertEquals(type?.posted_by, ["staff"]);
    },
  );

  await t.step("a subscription is made, shows its secret once, replays and ends", async () => {
    const [event] = await post((await signIn("staff")).token, [{
      event_type: `${name}.noted`,
      aggregate_type: name,
      aggregate_id: crypto.randomUUID(),
      data: { note: "delivered again, in vain" },
    }]);
    await open(page, "subscriptions");
    await page.getByRole("button", { name: "Subscribe…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Webhook (empty: the reader pulls)").fill(
      "https://portal.invalid/hook",
    );
    await dialog.getByLabel("Types (empty: all)").fill(`${name}.noted`);
    await dialog.getByRole("button", { name: "Subscribe", exact: true }).click();
    await dialog.getByText(/^whsec_/).waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("link", { name }).click();
    const detail = page.getByRole("region", { name, exact: true });
    await detail.getByLabel("Replay after event number").fill("0");
    await assertAccessible(page);
    await onPhone(page, async () => assertEquals(await overflows(page), false));
    await detail.getByRole("button", { name: "Replay" }).click();
    await detail.getByText("Everything after 0 is delivered again").waitFor();
    await detail.getByText(`Event ${event.event_number} of`).waitFor();
    const row = page.getByRole("row").filter({ hasText: name });
    await row.getByRole("cell").nth(5).getByText("1", { exact: true }).waitFor(); // undelivered
    await sql`update private.subscriptions
      set paused_at = now(), pause_reason = 'its creator left' where name = ${name}`;
    await row.getByText("paused").waitFor();
    await detail.getByText("Paused: its creator left").waitFor();
    await detail.getByRole("button", { name: "Retry what failed" }).click();
    await detail.getByText("What failed is delivered again").waitFor();
    await row.getByText("paused").waitFor({ state: "hidden" }); // a replay goes on
    await detail.getByRole("button", { name: "End it…" }).click();
    await onPhone(page, () => assertAccessible(page));
    await page.route(
      `**/subscriptions/${name}`,
      (route) => route.fulfill({ status: 409, json: { code: "unexpected" } }),
    );
    await dialog.getByRole("button", { name: "End it" }).click();
    await detail.getByRole("alert").waitFor();
    await page.unroute(`**/subscriptions/${name}`);
    await detail.getByRole("button", { name: "End it…" }).click();
    await dialog.getByRole("button", { name: "End it" }).click();
    await row.waitFor({ state: "hidden" });
    assertEquals((await sql`select from private.subscriptions where name = ${name}`).length, 0);
  });
}
