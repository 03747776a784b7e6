/** The staff portal in a real browser, on the running stack: every screen, as staff and as a customer. */
import { assertEquals } from "@std/assert";
import { runningStack } from "../../support/stack.ts";
import { openBrowser } from "../chromium.ts";
import { aggregateSteps } from "./aggregate.ts";
import { catalogSteps } from "./catalog.ts";
import { customerSteps } from "./customer.ts";
import { decisionSteps } from "./decisions.ts";
import { eventSteps } from "./event.ts";
import { managerSteps } from "./manager.ts";
import { sessionSteps } from "./session.ts";
import { streamSteps } from "./stream.ts";
import { visitAs } from "./visit.ts";

const { url } = runningStack();

Deno.test("the portal in a browser", async (t) => {
  await using browser = await openBrowser();

  await t.step("as staff", async (t) => {
    await using visit = await visitAs(browser, "staff");
    await streamSteps(t, visit.page);
    await eventSteps(t, visit.page);
    await aggregateSteps(t, visit.page);
    await catalogSteps(t, visit.page);
    await decisionSteps(t, visit.page);
    await managerSteps(t, visit.page);
    await sessionSteps(t, visit.page);
    assertEquals(visit.errors.filter(isUnexpected), []);
    assertEquals([...visit.origins], [url]);
  });

  await t.step("as a customer", async (t) => {
    await using visit = await visitAs(browser, "customer");
    await customerSteps(t, visit.page);
    assertEquals(visit.errors.filter(isUnexpected), []);
    assertEquals([...visit.origins], [url]);
  });
});

/** The browser notes every refusal of the API, also those that the tests provoke. */
function isUnexpected(error: string): boolean {
  return !/^Failed to load resource: the server responded with a status of 4\d\d /.test(error);
}
