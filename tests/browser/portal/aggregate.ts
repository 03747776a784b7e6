import { assert, assertEquals } from "@std/assert";
import type { Page, Route } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { newProduct, post, priceChanged } from "./goods.ts";
import { inSight, onPhone, open, overflows } from "./visit.ts";

export async function aggregateSteps(t: Deno.TestContext, page: Page): Promise<void> {
  const { token } = await signIn("staff");
  await using sql = openSql();
  const product = newProduct();
  const { aggregate_id } = product;
  const changed = page.getByRole("region", { name: "What changed" });

  await t.step("the slider shows the state at any point, and what changed there", async () => {
    await post(token, [
      product,
      priceChanged(aggregate_id, 5999, 5499),
      priceChanged(aggregate_id, 5499, 549),
    ], 20);
    await open(page, `aggregate/product/${aggregate_id}`);
    const price = changed.getByRole("row").filter({ hasText: "base_price" });
    await price.getByText("549", { exact: true }).waitFor();
    await page.getByRole("slider").focus();
    await page.keyboard.press("ArrowLeft");
    await price.getByText("5999").waitFor();
    await page.waitForURL((url) => url.hash.endsWith("?version=2"));
    await page.keyboard.press("Home");
    await changed.getByRole("row").filter({ hasText: "sku" }).getByText(product.data.sku).waitFor();
    const history = page.getByRole("region", { name: "History" });
    await history.getByRole("button", { name: /^3/ }).click();
    await price.getByText("549", { exact: true }).waitFor();
    await assertAccessible(page);
    await onPhone(page, async () => assertEquals(await overflows(page), false));
  });

  await t.step("a compensating event shows what it would change, and then changes it", async () => {
    const form = page.getByRole("region", { name: "Post an event for it" });
    await form.getByLabel("Event type").selectOption("product.price_corrected");
    await form.getByLabel("old price").fill("549");
    await form.getByLabel("new price").fill("5490");
    await form.getByLabel("reason").fill("A digit was missing");
    await form.getByRole("button", { name: "See what it would change" }).click();
    const expected = form.getByRole("region", { name: "What it would change" });
    const price = expected.getByRole("row").filter({ hasText: "base_price" });
    await price.getByText("5490").waitFor();
    assertEquals((await versions()).length, 3);
    await form.getByLabel("reason").fill("Two digits were missing");
    await page.reload();
    await form.getByRole("button", { name: "See what it would change" }).waitFor();
    assertEquals(await form.getByLabel("reason").inputValue(), "Two digits were missing");
    assertEquals(await form.getByRole("button", { name: "Post it" }).count(), 0);
    await form.getByRole("button", { name: "See what it would change" }).click();
    await form.getByRole("button", { name: "Post it" }).click();
    await form.getByText("Posted:").waitFor();
    const [, , , corrected] = await versions();
    assertEquals(corrected?.data, {
      old_price: 549,
      new_price: 5490,
      reason: "Two digits were missing",
    });
    await page.getByText("4 of 4").waitFor();
    assertEquals(await form.getByLabel("reason").inputValue(), "");
  });

  await t.step("a new aggregate begins with an event from a form with lists", async () => {
    await open(page, "post");
    await page.getByLabel("Event type").selectOption("order.created");
    const id = await page.getByLabel("Aggregate id").inputValue();
    await page.getByLabel("customer id").fill(crypto.randomUUID());
    await page.getByRole("button", { name: "Add to items" }).click();
    const item = page.getByRole("group", { name: "1" });
    await item.getByLabel("product id").fill(aggregate_id);
    await item.getByLabel("sku").fill("PORTAL");
    await item.getByLabel("name").fill("Pump");
    await item.getByLabel("quantity").fill("2");
    await item.getByLabel("unit price").fill("5490");
    await page.getByRole("button", { name: "See what it would change" }).click();
    await page.getByRole("region", { name: /^order_items/ }).waitFor();
    await page.locator("[role=group][aria-label='Result of the trial']:focus").waitFor();
    await eventually(async () =>
      assert(await inSight(page.getByRole("heading", { name: "What it would change" })))
    );
    const release = await holdPost(page);
    await page.getByRole("button", { name: "Post it" }).click();
    await page.getByRole("button", { name: "Posting…" }).and(page.locator("[aria-disabled=true]"))
      .waitFor();
    release();
    await page.getByText("Posted:").waitFor();
    assert(await page.getByLabel("Aggregate id").inputValue() !== id); // the next is another one
    const [order] = await sql`select total from public.orders where id = ${id}`;
    assertEquals(Number(order?.total), 10980);
    await assertAccessible(page);
  });

  await t.step("what is refused says where it is wrong", async () => {
    await page.getByLabel("Event type").selectOption("product.created");
    await page.getByLabel("Write the data as JSON").check();
    await page.getByLabel(/^Data/).fill('{"sku": 7}');
    await page.getByRole("button", { name: "See what it would change" }).click();
    await page.getByRole("alert").getByText("/data/sku").waitFor();
  });

  function versions() {
    return sql`select data from public.events where aggregate_id = ${aggregate_id}
      order by aggregate_version`;
  }
}

/** Holds what is posted next on its way until it is released. */
async function holdPost(page: Page): Promise<() => void> {
  const held = Promise.withResolvers<void>();
  const hold = async (route: Route) => {
    await held.promise;
    await route.continue();
  };
  await page.route("**/functions/v1/events", hold, { times: 1 });
  return held.resolve;
}
