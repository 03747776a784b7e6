/** The EventSource that browsers come with follows the feed: it has only a URL, and no second chance at a refusal. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { append } from "../end-to-end/realtime/append.ts";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { type Person, signIn } from "../support/people.ts";
import { openSql, type Stack, withStack } from "../support/stack.ts";
import { openBrowser } from "./chromium.ts";
import { serveFolder } from "./serve_folder.ts";
import { watchedPage } from "./watched_page.ts";

/** What the page keeps of its EventSource. */
interface Followed {
  numbers: number[];
  opened: number;
  broken: number;
  /** It has given up for good. */
  closed: boolean;
}

declare global {
  var followed: Followed;
}

Deno.test("the stock EventSource resumes after restarts of the functions without loss or repeat", async () => {
  await withStack(async (stack) => {
    await using sql = openSql(stack);
    await using elsewhere = serveFolder(await Deno.makeTempDir(), "/page");
    await using browser = await openBrowser();
    await using visit = await watchedPage(browser);
    const staff = await signIn("staff", stack);
    const asked: string[] = [];
    visit.page.on("request", (request) => asked.push(request.url()));

    await visit.page.goto(`${elsewhere.origin}/page/empty`); // the portal may live on any host
    await follow(
      visit.page,
      `${stack.url}/functions/v1/events/feed?ticket=${await ticket(stack, staff)}`,
    );
    for (let restart = 1; restart <= 2; restart++) {
      await append(sql);
      await seesAll(visit.page, stack);
      const restarted = stack.functions.crash();
      for (let i = 0; i < 20; i++) await append(sql); // while nobody serves
      await restarted;
      await seesAll(visit.page, stack);
    }

    const { numbers, opened, broken, closed } = await visit.page.evaluate(() => followed);
    assertEquals(numbers, await stored(stack));
    assertEquals(closed, false);
    assert(opened >= 3 && broken >= 2, `opened ${opened}, broken ${broken}`);
    assert(asked.length > 0 && asked.every((url) => !url.includes(staff.token)));
  });
});

async function ticket(stack: Stack, { token }: Person): Promise<string> {
  const answer = await callFunction("events/feed/tickets", { method: "POST", token }, stack);
  assertEquals(answer.status, 201);
  return answer.body.ticket;
}

/** Opens an EventSource as any page would. */
async function follow(page: Page, url: string): Promise<void> {
  await page.evaluate((url) => {
    const followed: Followed = { numbers: [], opened: 0, broken: 0, closed: false };
    const source = new EventSource(url);
    source.onopen = () => followed.opened += 1;
    source.onmessage = ({ data, lastEventId }) => {
      const { event_number } = JSON.parse(data);
      followed.numbers.push(String(event_number) === lastEventId ? event_number : -1);
    };
    source.onerror = () => {
      followed.broken += 1;
      followed.closed = source.readyState === EventSource.CLOSED;
    };
    globalThis.followed = followed;
  }, url);
}

async function seesAll(page: Page, stack: Stack): Promise<void> {
  const numbers = await stored(stack);
  await eventually(async () => {
    const seen = await page.evaluate(() => followed);
    assert(!seen.closed, "it has given up");
    assert((seen.numbers.at(-1) ?? 0) >= (numbers.at(-1) ?? 0), `${seen.numbers}`);
  }, 30);
}

async function stored(stack: Stack): Promise<number[]> {
  await using sql = openSql(stack);
  const rows = await sql`select event_number::int as number from events order by 1`;
  return rows.map(({ number }) => number);
}
