import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { signIn } from "../../support/people.ts";
import { eventually } from "../../support/eventually.ts";
import { openSql } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { newProduct, post, priceChanged } from "./goods.ts";
import { fact, onPhone, open, overflows } from "./visit.ts";

export async function eventSteps(t: Deno.TestContext, page: Page): Promise<void> {
  const { token, userId } = await signIn("staff");
  await using sql = openSql();

  await t.step(
    "an event says who, what changed, and how it differs from the one before",
    async () => {
      const product = newProduct();
      const { aggregate_id } = product;
      const [, changed, again] = await post(
        token,
        [product, priceChanged(aggregate_id, 5999, 5499), priceChanged(aggregate_id, 5499, 5400)],
        20,
      );
      await open(page, `event/${changed.id}`);
      await page.getByRole("heading", { name: "product.price_changed", level: 1 }).waitFor();
      await fact(page, "Actor").getByText(`user:${userId}`).waitFor();
      const row = page.getByRole("region", { name: `products ${product.aggregate_id}` });
      const price = row.getByRole("row").filter({ hasText: "base_price" });
      await price.waitFor();
      assertEquals(await price.getByRole("cell").allTextContents(), ["base_price", "5999", "5499"]);
      const before = page.locator(".card", { hasText: "Against the previous event" });
      await before.getByText("It is of another type").waitFor();
      assertEquals(await before.getByRole("row").count(), 0);
      await page.getByText("No event caused it").waitFor();
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.getByRole("button", { name: "Copy as curl" }).click();
      await page.getByText("Copied").waitFor();
      const command: string = await page.evaluate("navigator.clipboard.readText()");
      assert(command.includes(`"aggregate_id":"${product.aggregate_id}"`), command);
      await assertAccessible(page);
      await onPhone(page, async () => assertEquals(await overflows(page), false));
      await open(page, `event/${again.id}`);
      await before.getByRole("row").filter({ hasText: "new_price" }).getByText("5400").waitFor();
      await corrects(again.id);
    },
  );

  await t.step(
    "hostile data is text: cut, folded, kept in its direction, and harmless",
    async () => {
      let deep: unknown = "bottom";
      for (let i = 0; i < 25; i++) deep = { level: deep };
      const type = `portal${crypto.randomUUID().slice(0, 8)}.noted`;
      const [aggregate_type] = type.split(".");
      await sql`insert into public.event_types
      (event_type, aggregate_type, description, json_schema, example, posted_by, source)
      values (${type}, ${
        aggregate_type ?? ""
      }, ${"\u202Eeliotsoh"}, '{"type": "object"}', '{}', '{staff}', 'registered')`;
      const evil =
        `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
      const [event] = await post(token, [{
        event_type: type,
        aggregate_type,
        aggregate_id: crypto.randomUUID(),
        data: { evil, long: "x".repeat(200 * 1024), deep, "\u202Eright": "\u202Eto left" },
      }], 20);
      await open(page, `event/${event.id}`);
      await page.getByText(evil).first().waitFor();
      assertEquals(await page.locator("main img, main script").count(), 0);
      assert(!(await page.title()).includes("taken"));
      await page.getByRole("button", { name: "Show all 204,800 characters" }).first().click();
      assertEquals(await page.getByText("bottom").count(), 0);
      assertEquals(
        await page.evaluate(
          "getComputedStyle(document.querySelector('main .tree .data')).unicodeBidi",
        ),
        "isolate",
      );
      assertEquals(await overflows(page), false);
      await open(page, `post?aggregate_type=${aggregate_type}`);
      await page.reload(); // the catalog is kept for a while
      await page.getByLabel("Event type").selectOption(type);
      await page.getByText("eliotsoh").waitFor();
      assertEquals(await page.evaluate(directionOfDescription), "isolate");
    },
  );

  await t.step("a poisoned event says why it failed; it is retried, then skipped", async () => {
    const first = newProduct();
    const twin = newProduct({ sku: first.data.sku });
    await post(token, [first], 20);
    const [event, behind] = await post(token, [twin, priceChanged(twin.aggregate_id, 5999, 5499)]);
    await open(page, `event/${event.id}`);
    await page.getByRole("button", { name: "Retry" }).and(page.locator(":not([aria-disabled])"))
      .waitFor();
    await page.getByRole("button", { name: "Retry" }).click();
    const attempts = page.getByRole("list", { name: "Attempts and retries" });
    await attempts.getByText("Attempt 1 failed").waitFor();
    await attempts.getByText("event retried by staff@example.com").waitFor();
    await attempts.getByText("Attempt 2 failed").waitFor();
    await open(page, `event/${behind.id}`);
    await page.getByText(`It waits behind event ${event.event_number}`).waitFor();
    await open(page, `aggregate/product/${twin.aggregate_id}`);
    await page.getByLabel("Event type").selectOption("product.stock_updated");
    await page.getByLabel("quantity change").fill("1");
    await page.getByLabel("reason").fill("Counted");
    await page.getByRole("button", { name: "See what it would change" }).click();
    await page.getByText(`It would wait behind event ${event.event_number}`).waitFor();
    await page.getByRole("button", { name: /^Post it/ }).click();
    await page.getByRole("status").getByText("It is not processed yet.").waitFor();
    await open(page, `event/${event.id}`);
    await page.getByRole("button", { name: "Skip…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("Posted twice");
    await dialog.getByRole("button", { name: "Skip it" }).click();
    await page.getByText("skipped", { exact: true }).waitFor();
    const skipped = await eventually(async () => {
      const [row] =
        await sql`select skip_reason, processed from public.events where id = ${event.id}`;
      return row?.processed === true && row;
    });
    assertEquals(skipped.skip_reason, "Posted twice");
  });

  await t.step("an effect leads to its cause", async () => {
    const product = newProduct({ stock_quantity: 5 });
    const [event] = await post(token, [product], 20);
    const [effect] = await post(token, [{
      ...priceChanged(product.aggregate_id, 5999, 1),
      causation_id: event.id,
    }]);
    await open(page, `event/${effect.id}`);
    const tree = page.locator(".card", { hasText: "Causes and effects" });
    await tree.getByRole("link", { name: /product.created/ }).click();
    await page.getByRole("heading", { name: "product.created", level: 1 }).waitFor();
    await tree.getByRole("link", { name: /product.price_changed/ }).waitFor();
  });
  /** "Correct it…" leads to the form of the type that does, and what is posted names its cause. */
  async function corrects(id: string): Promise<void> {
    await page.getByRole("link", { name: "Correct it…" }).click();
    const type = page.getByLabel("Event type").and(page.locator(":focus"));
    await type.waitFor();
    assertEquals(await type.inputValue(), "product.price_corrected");
    await page.getByLabel("old price").fill("5400");
    await page.getByLabel("new price").fill("5490");
    await page.getByLabel("reason").fill("Misread");
    await page.getByRole("button", { name: "See what it would change" }).click();
    await page.getByRole("button", { name: "Post it" }).click();
    await page.getByText("Posted:").waitFor();
    const [posted] = await sql`select event_type from public.events where causation_id = ${id}`;
    assertEquals(posted?.event_type, "product.price_corrected");
  }
}

const directionOfDescription = `[...document.querySelectorAll("main small *")]
  .filter((one) => one.textContent.endsWith("eliotsoh"))
  .map((one) => getComputedStyle(one).unicodeBidi).at(-1)`;
