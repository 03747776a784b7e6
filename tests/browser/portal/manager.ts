import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { eventually } from "../../support/eventually.ts";
import { signIn } from "../../support/people.ts";
import { openSql } from "../../support/stack.ts";
import { assertAccessible } from "./axe.ts";
import { newProduct, post } from "./goods.ts";
import { onPhone, open, overflows } from "./visit.ts";

export async function managerSteps(t: Deno.TestContext, page: Page): Promise<void> {
  const { token } = await signIn("staff");
  await using sql = openSql();
  const first = newProduct();
  const twins = [1, 2, 3].map(() => newProduct({ sku: first.data.sku }));
  const parked = page.getByRole("region", { name: "Parked", exact: true });

  await t.step("health, charts and partitions are in sight", async () => {
    await post(token, [first], 20);
    await post(token, twins);
    await open(page, "manager");
    await page.getByText("Throughput").first().waitFor();
    await page.locator(".chart canvas").nth(2).waitFor();
    assertEquals(await page.locator(".partitions li").count(), 16);
  });

  await t.step("parked events are retried and skipped, one by one and together", async () => {
    const events = await Promise.all(twins.map(async ({ aggregate_id }) => {
      const [event] =
        await sql`select id, event_number from public.events where aggregate_id = ${aggregate_id}`;
      return event ?? { id: "", event_number: 0 };
    }));
    const [one, ...two] = events;
    await parked.getByRole("button", { name: `Retry ${one?.event_number}` }).waitFor();
    await assertAccessible(page);
    await onPhone(page, async () => assertEquals(await overflows(page), false));
    await parked.getByRole("button", { name: `Retry ${one?.event_number}` }).click();
    await eventually(async () => {
      const acts = await sql`select 1 from public.events
        where event_type = 'system.processing_requested' and data -> 'event_ids' ? ${one?.id}`;
      return acts.length > 0;
    });
    for (const { event_number } of two) {
      await parked.getByLabel(`Choose ${event_number}`).check();
    }
    await parked.getByRole("button", { name: "Skip 2…" }).click();
    await skipWithReason(page, "A twin");
    await parked.getByRole("button", { name: `Skip ${one?.event_number}` }).click();
    await skipWithReason(page, "Another twin");
    await eventually(async () => {
      const rows = await sql`select skip_reason from public.events
        where id = any (${events.map(({ id }) => id)}) and processed order by event_number`;
      return rows.map((row) => row.skip_reason).join() === "Another twin,A twin,A twin";
    });
  });

  await t.step("processing is paused with a reason and resumed", async () => {
    await page.getByRole("button", { name: "Pause…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Aggregate type (empty: everything)").fill("dealer");
    await dialog.getByLabel("Reason").fill("Moving house");
    await dialog.getByRole("button", { name: "Pause", exact: true }).click();
    const pause = page.getByRole("region", { name: "Paused" }).filter({ hasText: "Moving house" });
    await pause.waitFor();
    const [row] = await sql`select reason from private.pauses where aggregate_type = 'dealer'`;
    assertEquals(row?.reason, "Moving house");
    await pause.getByRole("button", { name: "Resume" }).click();
    await pause.waitFor({ state: "hidden" });
    assertEquals((await sql`select from private.pauses where aggregate_type = 'dealer'`).length, 0);
  });

  await t.step("with everything paused events wait, and go on once it is resumed", async () => {
    await page.getByRole("button", { name: "Pause…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("The whole house moves");
    await onPhone(page, () => assertAccessible(page));
    await dialog.getByRole("button", { name: "Pause", exact: true }).click();
    const pause = page.getByRole("region", { name: "Paused" })
      .filter({ hasText: "The whole house moves" });
    await pause.getByRole("heading", { name: "Everything is paused" }).waitFor();
    await page.locator("[title='Everything is paused already.']").waitFor();
    const product = newProduct();
    const [event] = await post(token, [product]);
    const processed = async () =>
      (await sql`select processed from public.events where id = ${event.id}`)[0]?.processed;
    await page.getByRole("button", { name: "Process now" })
      .and(page.locator("[title='Everything is paused: resume first.']")).waitFor();
    assertEquals(await processed(), false);
    await pause.getByRole("button", { name: "Resume" }).click();
    await pause.waitFor({ state: "hidden" });
    await eventually(async () => await processed() === true, 30);
  });

  await t.step("what waits is processed when it is asked", async () => {
    await page.getByRole("button", { name: "Process now" }).click();
    await page.getByText(/\d+ processed, \d+ failed/).waitFor();
  });

  await t.step("a rebuild is compared before it switches, and can be rolled back", async () => {
    const product = newProduct();
    const [event] = await post(token, [product], 20);
    await eventually(async () =>
      (await sql`select from public.products where id = ${event.aggregate_id}`).length === 1
    );
    await sql`update public.products set name = 'Wrong' where id = ${product.aggregate_id}`;
    const panel = page.getByRole("region", { name: "Rebuild and verify" });
    await panel.getByLabel("What").selectOption("product");
    await panel.getByRole("button", { name: "Rebuild", exact: true }).click();
    const status = panel.getByRole("status");
    await status.getByText("compared").waitFor();
    assertEquals(await panel.getByText(/%/).count(), 0); // all is compared, and not 99 % of it
    await panel.getByRole("button", { name: "Cancel" }).click();
    await status.getByText("cancelled").waitFor();
    const [given] = await sql`select status from private.rebuilds order by started_at desc limit 1`;
    assertEquals(given?.status, "cancelled");
    await panel.getByRole("button", { name: "Rebuild", exact: true }).click();
    await status.getByText("compared").waitFor();
    await panel.getByText(product.aggregate_id).click();
    await panel.getByRole("row").filter({ hasText: "name" }).getByText("Wrong").waitFor();
    await panel.getByRole("button", { name: "Switch to it" }).click();
    await status.getByText("completed").waitFor();
    const name = async () =>
      (await sql`select name from public.products where id = ${product.aggregate_id}`)[0]?.name;
    assertEquals(await name(), "Booster Pump");
    await panel.getByRole("button", { name: "Roll it back…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("The old name was right");
    await dialog.getByRole("button", { name: "Roll it back" }).click();
    await eventually(async () => await name() === "Wrong");
    await panel.getByRole("heading", { name: "rollback" }).waitFor();
    const [back] = await sql`select reason from private.rebuilds where kind = 'rollback'
      order by started_at desc limit 1`;
    assertEquals(back?.reason, "The old name was right");
    await status.getByText("completed").waitFor();
    await panel.getByLabel("stops after the comparison").uncheck();
    await panel.getByRole("button", { name: "Rebuild", exact: true }).click();
    await eventually(async () => await name() === "Booster Pump");
    await panel.getByRole("heading", { name: /^rebuild / }).waitFor();
    await status.getByText("completed").waitFor();
    await panel.getByRole("button", { name: "Verify" }).click();
    await panel.getByRole("heading", { name: "verify" }).waitFor();
    await status.getByText("completed").waitFor();
  });

  await t.step("it fits a phone", async () => {
    await onPhone(page, async () => assertEquals(await overflows(page), false));
  });
}

async function skipWithReason(page: Page, reason: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Skip", exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}
