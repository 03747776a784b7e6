import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { assertAccessible } from "./axe.ts";
import { open, signInOn } from "./visit.ts";

export async function sessionSteps(t: Deno.TestContext, page: Page): Promise<void> {
  await t.step("a session that ends is asked for in place, and what was typed stays", async () => {
    await open(page, "stream");
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByLabel("Correlation", { exact: true }).fill("half typed");
    await page.getByRole("searchbox").fill("a search");
    await page.evaluate(endSession);
    await page.getByRole("dialog", { name: "Sign in again" }).waitFor();
    await assertAccessible(page);
    await signInOn(page, "staff");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    assertEquals(await page.getByLabel("Correlation", { exact: true }).inputValue(), "half typed");
    assertEquals(await page.getByRole("searchbox").inputValue(), "a search");
    await page.getByText("live", { exact: true }).waitFor();
  });

  await t.step("colours can be chosen, and stay", async () => {
    const theme = () => page.evaluate("document.documentElement.dataset.theme");
    await page.getByRole("button", { name: "Auto colours" }).click();
    await page.getByRole("button", { name: "Light colours" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Dark colours" }).waitFor();
    assertEquals(await theme(), "dark");
    await page.getByRole("button", { name: "Dark colours" }).click();
  });

  await t.step("the keys are listed; signing out leaves nothing behind", async () => {
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Event portal", level: 1 }).waitFor();
    assertEquals(
      await page.evaluate("Object.keys(localStorage).some((k) => k.includes('auth'))"),
      false,
    );
    assertEquals(
      await page.evaluate("Object.keys(sessionStorage).some((k) => k.includes('draft'))"),
      false,
    );
    await assertAccessible(page);
  });
}

/** A session that expires while nothing answers is renewed when something does: nobody is asked to sign in. */
export async function outageStep(page: Page): Promise<void> {
  await page.clock.install();
  await page.evaluate(ageSession);
  await page.context().setOffline(true);
  for (let second = 0; second < 60; second += 4) { // it tries for half a minute
    await page.clock.fastForward("00:04");
    await page.waitForTimeout(50);
  }
  await page.getByText(/^not connected since/).waitFor();
  assertEquals(await page.getByRole("dialog").count(), 0);
  await page.context().setOffline(false);
  await page.clock.fastForward("01:10"); // and rests for a minute after that
  await page.getByText("live", { exact: true }).waitFor();
}

/** As when it expired. */
const ageSession = `(() => {
  const key = Object.keys(localStorage).find((name) => name.endsWith("-auth-token"));
  const session = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...session, expires_at: 1 }));
})()`;

/** As when it expired and was revoked meanwhile. */
const endSession = `(() => {
  const key = Object.keys(localStorage).find((name) => name.endsWith("-auth-token"));
  const session = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...session, expires_at: 1, refresh_token: "gone" }));
})()`;
