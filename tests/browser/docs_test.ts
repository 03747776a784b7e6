/** The API documentation in a real browser: from the function, and as a copy on another host. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { repository } from "../../supabase/local/repository.ts";
import { signIn } from "../support/people.ts";
import { runningStack } from "../support/stack.ts";
import { openBrowser } from "./chromium.ts";
import { serveFolder } from "./serve_folder.ts";
import { watchedPage } from "./watched_page.ts";

const { url } = runningStack();

Deno.test("the documentation in a browser", async (t) => {
  await using browser = await openBrowser();
  const { token } = await signIn("customer");

  await t.step("Swagger UI renders, asks nobody else, and a call it tries succeeds", async () => {
    await using visit = await watchedPage(browser);
    await visit.page.goto(`${url}/functions/v1/docs`);
    await tryEventTypes(visit.page, token);
    assertEquals(visit.errors, []);
    assertEquals([...visit.origins], [url]);
  });

  await t.step("ReDoc renders, with the examples, and asks nobody else", async () => {
    await using visit = await watchedPage(browser);
    await visit.page.goto(`${url}/functions/v1/docs/redoc`);
    await assertReadable(visit.page);
    assertEquals(visit.errors, []);
    assertEquals([...visit.origins], [url]);
  });

  await t.step("a static copy on another host does the same, below any path", async () => {
    await using copy = await staticCopy();
    const allowed = [copy.origin, url].sort();
    await using swagger = await watchedPage(browser);
    await swagger.page.goto(`${copy.origin}/some/path/`);
    await tryEventTypes(swagger.page, token);
    assertEquals(swagger.errors, []);
    assertEquals([...swagger.origins].sort(), allowed);

    await using redoc = await watchedPage(browser);
    await redoc.page.goto(`${copy.origin}/some/path/redoc/`);
    await assertReadable(redoc.page);
    assertEquals(redoc.errors, []);
    assertEquals([...redoc.origins], [copy.origin]);
  });
});

/** Authorizes with a token, as a person would, and tries GET /events/types. */
async function tryEventTypes(page: Page, token: string): Promise<void> {
  await page.click("button.authorize");
  await page.fill("#auth-bearer-value", token);
  await page.click(".modal-ux .auth-container:has(#auth-bearer-value) button.authorize");
  await page.click(".modal-ux button.btn-done");
  const operation = page.locator(".opblock-get", {
    has: page.locator('[data-path="/events/types"]'),
  });
  await operation.locator(".opblock-summary-control").click();
  await operation.locator("button.execute").click();
  const answer = operation.locator(".live-responses-table .response").first();
  assertEquals((await answer.locator(".response-col_status").textContent())?.trim(), "200");
  const body = await answer.locator(".response-col_description").textContent();
  assert(body?.includes("product.created"), body ?? "");
}

/** Finds an operation by the menu, as a person would. */
async function assertReadable(page: Page): Promise<void> {
  await page.getByText("Events", { exact: true }).first().click();
  await page.getByRole("heading", { name: "Post an event" }).waitFor();
  await page.getByText("SUBM-05HP-DOM-SS-50LPM-20M").first().waitFor();
}

async function staticCopy() {
  const folder = await Deno.makeTempDir({ prefix: "static copy " });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "supabase/build_docs.ts", "--out", folder, "--server", url],
    cwd: repository,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return serveFolder(folder, "/some/path");
}
