import { assertEquals } from "@std/assert";
import { languageModel } from "../../../shared/environment.ts";
import type { TraceLine } from "../../../shared/pricing/trace.ts";
import { believable, wordTrace } from "../../../shared/pricing/wording.ts";

const TRACE: TraceLine[] = [
  { rule: "market", text: "5499.00, 100.00 % of the median 5499.00 of 3 competitors" },
  { rule: "ending", text: "5499.00 (-8.3 %)" },
];
const GOOD = "The median of 3 competitors is 5,499, so the price falls by 8.3 %.";

/** A real endpoint on this machine, answering as told; it remembers what it was asked. */
function endpoint(answer: (body: Record<string, unknown>) => Response) {
  const asked: { path: string; key: string | null; body: Record<string, unknown> }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.json();
    const { pathname } = new URL(request.url);
    asked.push({ path: pathname, key: request.headers.get("authorization"), body });
    return answer(body);
  });
  return {
    asked,
    model: { url: `http://127.0.0.1:${server.addr.port}/v1`, key: "sk-test", model: "small" },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const says = (content: string) => () => Response.json({ choices: [{ message: { content } }] });

Deno.test("a model words the trace, and is asked in the way every such endpoint knows", async () => {
  await using place = endpoint(says(`  ${GOOD}\n`));
  assertEquals(await wordTrace(TRACE, place.model), GOOD);
  const [question] = place.asked;
  assertEquals([question?.path, question?.key], ["/v1/chat/completions", "Bearer sk-test"]);
  assertEquals([question?.body.model, question?.body.temperature], ["small", 0]);
  // deno-lint-ignore no-explicit-any -- a test asserts what it reads
  const messages = question?.body.messages as any[];
  assertEquals(messages[1].content, "market: " + TRACE[0]?.text + "\nending: " + TRACE[1]?.text);
});

for (
  const [fault, answer] of Object.entries({
    "a number of its own": says("Better 5399, I think."),
    "a number in words": says("The price falls by twenty percent."),
    "a numeral of another script": says("The price is ५४९९."),
    "nothing": says(" "),
    "too much": says("Sell it. ".repeat(200)),
    "a control character": says("Sell\u0000 it."),
    "a failure": () => new Response("no", { status: 500 }),
    "no JSON": () => new Response("<html>"),
    "another shape": () => Response.json({ error: { message: "quota" } }),
    "a way elsewhere": () => Response.redirect("http://127.0.0.1:1/"),
  })
) {
  Deno.test(`a model that answers with ${fault} is not heard`, async () => {
    await using place = endpoint(answer);
    assertEquals(await wordTrace(TRACE, place.model), null);
    assertEquals(place.asked.length, 1);
  });
}

Deno.test("no model, or one that cannot be reached, leaves the trace alone", async () => {
  assertEquals(await wordTrace(TRACE, null), null);
  const nobody = { url: "http://127.0.0.1:1/v1", key: "sk-test", model: "small" };
  assertEquals(await wordTrace(TRACE, nobody), null);
});

Deno.test("numbers are compared by value", () => {
  assertEquals(believable("From 5499 by 8.30 %.", "5499.00 8.3"), "From 5499 by 8.30 %.");
  assertEquals(believable("From 549.", "5499.00"), null);
});

Deno.test("a model is configured by three variables, or not at all", () => {
  const all = { LLM_BASE_URL: "https://models.example/v1/", LLM_API_KEY: "k", LLM_MODEL: "m" };
  assertEquals(languageModel((name) => new Map(Object.entries(all)).get(name)), {
    url: "https://models.example/v1",
    key: "k",
    model: "m",
  });
  for (const missing of Object.keys(all)) {
    const rest = new Map(Object.entries(all).filter(([name]) => name !== missing));
    assertEquals(languageModel((name) => rest.get(name)), null);
  }
});
