/** `deno task screenshots`: takes the pictures of the portal that the README shows, on a stack of its own. */
import type { Page } from "playwright-core";
import { repository } from "../../../supabase/local/repository.ts";
import { describeStack, startStack } from "../../../supabase/local/stack.ts";
import { stackVariable } from "../../support/stack.ts";

const folder = `${repository}/functions/portal/screenshots`;
const pumps = [
  "Submersible Pump 0.5 HP",
  "Booster Pump 1 HP",
  "Pressure Tank 60 l",
  "Check Valve",
  "Submersible Cable 30 m",
  "Float Switch",
  "Control Panel",
];

async function main(): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "event sourcing " });
  const stack = await startStack({ dataDir });
  try {
    Deno.env.set(stackVariable, JSON.stringify(describeStack(stack)));
    await take();
  } finally {
    await stack.stop();
    await Deno.remove(dataDir, { recursive: true });
  }
}

async function take(): Promise<void> {
  // They ask for the running stack as they are loaded.
  const { openBrowser } = await import("../chromium.ts");
  const { open, visitAs } = await import("./visit.ts");
  const product = await fill();
  await using browser = await openBrowser();
  await using visit = await visitAs(browser, "staff");
  const { page } = visit;
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator(".events-body [role=row]").nth(15).waitFor();
  await shoot(page, "stream");
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, `aggregate/product/${product}?version=3`);
  await page.getByRole("region", { name: "State" }).getByText("sku").waitFor();
  await shoot(page, "aggregate");
}

/** A shop's morning. Returns a product with a history. */
async function fill(): Promise<string> {
  const { signIn } = await import("../../support/people.ts");
  const { newProduct, post, priceChanged } = await import("./goods.ts");
  const { token } = await signIn("staff");
  const first = newProduct({ sku: "PUMP-05", name: pumps[0] });
  const { aggregate_id } = first;
  for (const [index, name] of pumps.entries()) {
    const product = index === 0 ? first : newProduct({ sku: `PUMP-${index}`, name });
    const stock = { quantity_change: 40, reason: "Delivery" };
    await post(token, [product, {
      ...priceChanged(product.aggregate_id, 5999, 5499),
      event_type: "product.stock_updated",
      data: stock,
    }, priceChanged(product.aggregate_id, 5999, 5499 - index * 100)], 20);
  }
  await post(token, [priceChanged(aggregate_id, 5499, 5299)], 20);
  await post(token, [newProduct({ sku: "PUMP-05", name: "A number used twice" })], 1);
  return aggregate_id;
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(3_000); // until nothing moves any more
  await page.screenshot({ path: `${folder}/${name}.png` });
}

await main();
