import { assert, assertEquals } from "@std/assert";
import type { Page, Response } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { assertAccessible } from "./axe.ts";
import { newProduct, post, priceChanged } from "./goods.ts";
import { onPhone, open, overflows } from "./visit.ts";

export async function streamSteps(t: Deno.TestContext, page: Page): Promise<void> {
  const { token, userId } = await signIn("staff");
  const product = newProduct();
  const rows = page.locator(".events-body [role=row]");

  await t.step("an event appears by itself, and is marked when it is processed", async () => {
    await open(page, `stream?aggregate_id=${product.aggregate_id}`);
    await page.getByText("No event matches").waitFor();
    await post(token, [product]);
    await rows.filter({ hasText: "product.created" }).filter({ hasText: "processed" }).waitFor();
  });

  await t.step("paused, it says how many are new, and shows them when it is asked", async () => {
    await page.keyboard.press("p");
    await page.getByText("paused", { exact: true }).waitFor();
    const { aggregate_id } = product;
    await post(token, [
      priceChanged(aggregate_id, 5999, 5499),
      priceChanged(aggregate_id, 5499, 5),
    ]);
    await page.getByRole("button", { name: "↑ 2 new" }).waitFor();
    assertEquals(await rows.count(), 1);
    await page.getByRole("button", { name: "↑ 2 new" }).click();
    await eventually(async () => await rows.count() === 3);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByText("live", { exact: true }).waitFor();
  });

  await t.step("filters are in the address, can be taken away and kept as a view", async () => {
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByLabel("Type", { exact: true }).fill("product.price_*");
    await page.getByLabel("Data contains").fill('{"new_price":5}');
    await page.getByRole("button", { name: "Apply" }).click();
    await eventually(async () => await rows.count() === 1);
    assert(page.url().includes("event_type=product.price_*"), page.url());
    await page.getByRole("button", { name: "Save as a view" }).click();
    await page.getByLabel("Name of the view").fill("Prices of five");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("link", { name: /Take away the filter Data contains/ }).click();
    await eventually(async () => await rows.count() === 2);
    await page.getByRole("link", { name: "Prices of five" }).click();
    await eventually(async () => await rows.count() === 1);
    await page.getByRole("button", { name: "Forget this view" }).click();
    assertEquals(await page.getByRole("link", { name: "Prices of five" }).count(), 0);
  });

  await t.step("what matches is saved as NDJSON and as CSV", async () => {
    for (const format of ["NDJSON", "CSV"]) {
      await page.getByRole("button", { name: "Export" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("dialog").getByRole("button", { name: format }).click(),
      ]);
      const text = await Deno.readTextFile(await download.path());
      assert(text.includes(product.aggregate_id), text);
      assertEquals(text.trimEnd().split("\n").length, format === "CSV" ? 2 : 1);
    }
  });

  await t.step("the keyboard moves, opens, and searches", async () => {
    await open(page, `stream?aggregate_id=${product.aggregate_id}`);
    await rows.nth(2).waitFor();
    await page.getByRole("heading", { name: "Stream", level: 1 }).click(); // the focus is elsewhere
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "product.price_changed", level: 1 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.getByRole("heading", { name: "Stream", level: 1 }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(product.aggregate_id);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === `#/aggregate/product/${product.aggregate_id}`);
  });

  await t.step("back from an event the list is as it was left", async () => {
    const { aggregate_id } = product;
    const more = Array.from({ length: 60 }, (_, i) => priceChanged(aggregate_id, 5 + i, 6 + i));
    await post(token, more);
    await open(page, `stream?aggregate_id=${aggregate_id}`);
    await rows.nth(20).waitFor();
    const chosen = page.locator("[aria-selected=true]");
    const place = async () => {
      const [focus, top] = await page.evaluate<[string, number]>(
        "[document.activeElement.role, document.querySelector('[role=grid]').scrollTop]",
      );
      return { chosen: await chosen.getAttribute("id"), focus, top };
    };
    await page.getByRole("heading", { name: "Stream", level: 1 }).click();
    await page.keyboard.press("k");
    await page.keyboard.press("End");
    await chosen.filter({ hasText: "product.created" }).waitFor();
    const left = await place();
    assert(left.focus === "grid" && left.top > 500, JSON.stringify(left));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "product.created", level: 1 }).waitFor();
    await post(token, [priceChanged(aggregate_id, 65, 66)]);
    await page.goBack();
    await page.getByRole("button", { name: "↑ 1 new" }).waitFor();
    assertEquals(await place(), left);
  });

  await t.step("a search finds a number, an actor and a correlation key", async () => {
    const [event] = await post(token, [{ ...newProduct(), correlation_id: "portal search" }]);
    const searches: [text: string, hash: string][] = [
      [`#${event.event_number}`, `#/event/${event.id}`],
      ["agent:category", "#/stream?created_by=agent%3Acategory"],
      ["staff@example.com", `#/stream?created_by=user%3A${userId}`],
      ["portal search", "#/stream?correlation_id=portal+search"],
      ["product", "#/stream?aggregate_type=product"],
    ];
    for (const [text, hash] of searches) {
      await page.getByRole("searchbox").fill(text);
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.hash === hash);
    }
    const refused: string[] = [];
    const note = (answer: Response) => void (answer.ok() || refused.push(answer.url()));
    page.on("response", note);
    await page.getByRole("searchbox").fill(crypto.randomUUID());
    await page.keyboard.press("Enter");
    await page.getByText("Nothing found.").waitFor();
    await page.getByRole("searchbox").fill(event.id);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === `#/event/${event.id}`);
    page.off("response", note);
    assertEquals(refused, []); // a browser's console tells of each
  });

  await t.step("it says when the platform is away, and goes on by itself", async () => {
    await open(page, `stream?aggregate_id=${product.aggregate_id}`);
    await page.getByText("live", { exact: true }).waitFor();
    await page.context().setOffline(true);
    await page.getByText(/^not connected since \d\d:\d\d UTC, trying again$/).waitFor();
    await page.context().setOffline(false);
    await page.getByText("live", { exact: true }).waitFor();
    await open(page, "stream");
  });

  await t.step("it is accessible in light and dark, and fits a phone", async () => {
    await rows.first().waitFor();
    await page.getByRole("button", { name: "Filters" }).click();
    await assertAccessible(page);
    await page.getByRole("button", { name: "Filters" }).click();
    await onPhone(page, async () => {
      assertEquals(await overflows(page), false);
    });
  });
}
