import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { signIn } from "../../support/people.ts";
import { assertAccessible } from "./axe.ts";
import { newProduct, post } from "./goods.ts";
import { onPhone, open } from "./visit.ts";

export async function customerSteps(t: Deno.TestContext, page: Page): Promise<void> {
  const staff = await signIn("staff");
  const customer = await signIn("customer");
  const order = orderCreated();

  await t.step("a customer sees own events only, as they come", async () => {
    const correlation_id = `portal ${order.aggregate_id}`;
    await open(page, `stream?correlation_id=${encodeURIComponent(correlation_id)}`);
    await page.getByText("No event matches").waitFor();
    await post(staff.token, [{ ...newProduct(), correlation_id }]);
    await post(customer.token, [{ ...order, correlation_id }]);
    const rows = page.locator(".events-body [role=row]");
    await rows.filter({ hasText: "order.created" }).waitFor();
    assertEquals(await rows.count(), 1);
  });

  await t.step(
    "an own event opens; what is for staff is in sight, closed, with the reason",
    async () => {
      await page.getByRole("row").filter({ hasText: "order.created" }).click();
      await page.getByRole("heading", { name: "order.created", level: 1 }).waitFor();
      await page.getByText("This is for staff. You are signed in as a customer.").first().waitFor();
      await assertAccessible(page);
    },
  );

  await t.step("somebody else's event is not there", async () => {
    const [event] = await post(staff.token, [newProduct()]);
    await open(page, `event/${event.id}`);
    await page.getByRole("heading", { name: "Not found" }).waitFor();
  });

  await t.step("what only staff may do is in sight and closed, on every screen", async () => {
    const closed: [screen: string, controls: string[]][] = [
      ["manager", ["Process now", "Pause…"]],
      ["catalog", ["Register a type…"]],
      ["subscriptions", ["Subscribe…"]],
      ["decisions", ["Stop all agents…"]],
    ];
    for (const [screen, controls] of closed) {
      await open(page, screen);
      for (const control of controls) await assertClosed(page, control);
      if (screen === "catalog") await page.getByLabel("Filter types").fill("order."); // enough rows
      await assertAccessible(page);
    }
  });

  await t.step(
    "the other screens are as accessible to a customer, at a desk and on a phone",
    async () => {
      await open(page, `aggregate/order/${order.aggregate_id}`);
      await page.getByRole("slider").waitFor();
      await assertAccessible(page);
      await open(page, "post");
      await page.getByLabel("Event type").selectOption("order.created");
      await onPhone(page, () => assertAccessible(page));
      await open(page, "stream");
      await page.locator(".events-body [role=row]").first().waitFor();
      await onPhone(page, () => assertAccessible(page));
    },
  );
}

async function assertClosed(page: Page, control: string): Promise<void> {
  const button = page.getByRole("button", { name: control, exact: true });
  await button.and(page.locator("[aria-disabled=true]")).waitFor();
  assertEquals(
    await button.getAttribute("title"),
    "This is for staff. You are signed in as a customer.",
  );
  await page.locator(".reason-why", { hasText: "This is for staff." }).first().waitFor();
}

function orderCreated() {
  const items = [{
    product_id: crypto.randomUUID(),
    sku: "PORTAL",
    name: "Pump",
    quantity: 1,
    unit_price: 5499,
  }];
  return {
    event_type: "order.created",
    aggregate_type: "order",
    aggregate_id: crypto.randomUUID(),
    data: { customer_id: crypto.randomUUID(), items },
  };
}
