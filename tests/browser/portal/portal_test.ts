/** The staff portal in a real browser, on the running stack: every screen, as staff and as a customer. */
import { assert, assertEquals } from "@std/assert";
import { repository } from "../../../supabase/local/repository.ts";
import { runningStack } from "../../support/stack.ts";
import { openBrowser } from "../chromium.ts";
import { serveFolder } from "../serve_folder.ts";
import { aggregateSteps } from "./aggregate.ts";
import { catalogSteps } from "./catalog.ts";
import { customerSteps } from "./customer.ts";
import { decisionPeopleSteps } from "./decision_people.ts";
import { decisionSteps } from "./decisions.ts";
import { eventSteps } from "./event.ts";
import { managerSteps } from "./manager.ts";
import { outageStep, sessionSteps } from "./session.ts";
import { streamSteps } from "./stream.ts";
import { visitAs } from "./visit.ts";

const { url, keys } = runningStack();

/** Two people work side by side, which Deno allows to steps that it does not watch for what they leave behind. */
const sideBySide = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

Deno.test("the portal in a browser", sideBySide, async (t) => {
  await using browser = await openBrowser();

  const asStaff = t.step({
    name: "as staff",
    fn: async (t) => {
      await using visit = await visitAs(browser, "staff");
      await streamSteps(t, visit.page);
      await eventSteps(t, visit.page);
      await aggregateSteps(t, visit.page);
      await catalogSteps(t, visit.page);
      await decisionSteps(t, visit.page);
      await decisionPeopleSteps(t, visit.page);
      await managerSteps(t, visit.page);
      await sessionSteps(t, visit.page);
      assertEquals(visit.errors.filter(isUnexpected), []);
      assertEquals([...visit.origins], [url]);
    },
    ...sideBySide,
  });

  const asCustomer = t.step({
    name: "as a customer",
    fn: async (t) => {
      await using visit = await visitAs(browser, "customer");
      await customerSteps(t, visit.page);
      assertEquals(visit.errors.filter(isUnexpected), []);
      assertEquals([...visit.origins], [url]);
    },
    ...sideBySide,
  });

  await asCustomer;
  const onAnotherHost = t.step({
    name: "as a static copy on another host, below any path",
    fn: async () => {
      await using copy = await staticCopy();
      await using visit = await visitAs(browser, "staff", `${copy.origin}/some/path/`);
      await visit.page.getByText("live", { exact: true }).waitFor();
      assertEquals(visit.errors, []);
      await outageStep(visit.page);
      assertEquals([...visit.origins].sort(), [copy.origin, url].sort());
    },
    ...sideBySide,
  });
  await Promise.all([asStaff, onAnotherHost]);
});

async function staticCopy() {
  const folder = await Deno.makeTempDir({ prefix: "static copy " });
  const to = ["--out", folder, "--server", url, "--key", keys.publishable];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "supabase/build_portal.ts", ...to],
    cwd: repository,
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return serveFolder(folder, "/some/path");
}

/** The browser notes every refusal of the API and every lost connection, also those that the tests provoke. */
function isUnexpected(error: string): boolean {
  return !/^Failed to load resource: the server responded with a status of 4\d\d /.test(error) &&
    !error.includes("net::ERR_INTERNET_DISCONNECTED");
}
