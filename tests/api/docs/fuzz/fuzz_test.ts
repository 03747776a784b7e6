/**
 * A fuzzer that knows nothing but the document: requests generated from it, right and wrong ones,
 * by everybody. Every answer must be one that the document names. The same seed sends the same
 * drafts; `FUZZ_SEED` and `FUZZ_SECONDS` change what CI does.
 */
import { assert } from "@std/assert";
import fc from "fast-check";
import { withStack } from "../../../support/stack.ts";
import { type Document, operationsOf } from "../operation.ts";
import { credentialsOf } from "./credentials.ts";
import { Memory } from "./learned.ts";
import { type Draft, requestsTo } from "./requests.ts";
import { SchemaReader } from "./schema_reader.ts";
import { sentRequest } from "./sent_request.ts";
import { faultOfAnswer } from "./verdict.ts";

const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 20261124);
const SECONDS = Number(Deno.env.get("FUZZ_SECONDS") ?? 25);
const MOST = 100 * SECONDS;
const AT_ONCE = 4;
/** Fewer requests than this prove nothing. */
const ENOUGH = 300;

Deno.test("no request that the document can describe gets an answer that it does not", async () => {
  await withStack(async (stack) => {
    const base = `${stack.url}/functions/v1`;
    const document: Document = await (await fetch(`${base}/docs/openapi.json`)).json();
    const reader = new SchemaReader(document);
    const credentials = await credentialsOf(stack);
    const memory = new Memory();
    const findings = new Map<string, string>();
    let sent = 0;

    async function send(draft: Draft): Promise<void> {
      const request = sentRequest(draft, memory, reader, credentials[draft.who]);
      if (!request) return;
      const response = await fetch(base + request.path, request.init);
      const { status, headers } = response;
      const text = await response.text();
      sent++;
      const fault = faultOfAnswer(
        draft.operation,
        { status, headers, text },
        request.fault,
        reader,
      );
      const what = `${draft.operation.name}: ${fault}`;
      const how = `as ${draft.who}: ${request.path} ${JSON.stringify(request.init.body)}`;
      if (fault) findings.set(what, `${what}\n  ${how}\n  ${text.slice(0, 500)}`);
      else if (status < 300 && text) memory.learn(JSON.parse(text));
    }

    const until = Date.now() + SECONDS * 1000;
    const drafts = draftsFor(document, reader);
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (const draft of drafts) {
        if (Date.now() < until) await send(draft);
      }
    }));
    const found = [...findings.values(), `seed ${SEED}, ${sent} requests`].join("\n");
    assert(findings.size === 0, found);
    assert(sent >= ENOUGH, `only ${sent} requests in ${SECONDS} s`);
  });
});

/** Drafts in the order of the seed; those with examples, which lead deepest, more often. */
function draftsFor(document: Document, reader: SchemaReader): Iterator<Draft> & Iterable<Draft> {
  const all = operationsOf(document).map((one) => ({
    weight: one.operation.requestBody?.content["application/json"]?.examples ? 8 : 1,
    arbitrary: requestsTo(reader, one),
  }));
  return fc.sample(fc.oneof(...all), { seed: SEED, numRuns: MOST }).values();
}
