import { Validator } from "@seriousme/openapi-schema-validator";
import { assert, assertEquals } from "@std/assert";
import { PostedEvent } from "../../../shared/events/envelope.ts";
import { catalog } from "../../../shared/events/catalog.ts";
import { errorCodes } from "../../../shared/errors.ts";
import { platformDocument } from "../../../supabase/docs/platform_document.ts";
import { runningStack } from "../../support/stack.ts";
import { operationsOf } from "./operation.ts";

const response = await fetch(`${runningStack().url}/functions/v1/docs/openapi.json`);
const document = await response.json();
const operations = operationsOf(document);

/** Codes that no operation answers, and why. */
const ELSEWHERE = {
  not_found: "a path that does not exist",
  method_not_allowed: "a method that is not offered",
  rate_limited: "kept for a gateway in front",
  event_immutable: "only to whoever writes SQL",
  lease_lost: "only between workers",
  fold_failed: "only within a rebuild, whose status tells",
};

Deno.test("the document that is served is that of the routes", async () => {
  assertEquals(document, JSON.parse(JSON.stringify(await platformDocument("/functions/v1"))));
});

Deno.test("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(document));
  assert(valid, JSON.stringify(errors, null, 1));
  assertEquals(validator.version, "3.1");
});

Deno.test("the document covers every function that serves declared routes", () => {
  const slugs = new Set(operations.map(({ path }) => path.split("/")[1]));
  for (const slug of ["events", "status", "database-manager", "agents"]) {
    assert(slugs.has(slug), slug);
  }
});

Deno.test("operations have distinct ids", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  assertEquals(new Set(ids).size, ids.length);
});

Deno.test("every operation names each code under its status, and no catch-all", () => {
  for (const { name, operation, problems } of operations) {
    assert(!("default" in operation.responses), name);
    assert(problems.get(500)?.has("internal_error"), name);
    for (const [status, codes] of problems) {
      // The document names codes only; the test below says that they exist.
      for (const code of codes as Set<keyof typeof errorCodes>) {
        assertEquals(errorCodes[code]?.status, status, `${name} ${code}`);
        assert(operation.responses[status]?.description.includes(`\`${code}\``), `${name} ${code}`);
      }
    }
    if (operation.security?.length) {
      for (const status of [401, 403, 503]) assert(problems.has(status), `${name} ${status}`);
    }
    if (operation.requestBody) {
      for (const status of [400, 413, 415, 422]) assert(problems.has(status), `${name} ${status}`);
    }
  }
});

Deno.test("every code is named by an operation, or belongs to none", () => {
  const named = new Set(
    operations.flatMap(({ problems }) => [...problems.values()])
      .flatMap((codes) => [...codes]),
  );
  const missing = Object.keys(errorCodes).filter((code) => !named.has(code));
  assertEquals(missing.sort(), Object.keys(ELSEWHERE).sort());
});

Deno.test("POST /events has each event type that may be posted as an example that is valid", () => {
  const { examples } = document.paths["/events"].post.requestBody.content["application/json"];
  const postable = catalog.filter(({ postedBy }) => postedBy.length > 0);
  assertEquals(Object.keys(examples), postable.map(({ type }) => type));
  for (const { type, aggregateType, schema } of postable) {
    const event = PostedEvent.parse(examples[type].value);
    assertEquals([event.event_type, event.aggregate_type], [type, aggregateType]);
    schema.parse(event.data);
  }
});

Deno.test("what a webhook receives is documented: body, headers, which answers count", () => {
  const { post } = document.webhooks.delivery;
  const { $ref } = post.requestBody.content["application/json"].schema;
  const { properties } = document.components.schemas[$ref.split("/").at(-1)];
  assertEquals(Object.keys(properties), ["subscription", "event"]);
  assertEquals(
    post.parameters.map((
      parameter: { in: string; name: string },
    ) => [parameter.in, parameter.name]),
    [["header", "webhook-id"], ["header", "webhook-timestamp"], ["header", "webhook-signature"]],
  );
  assertEquals(Object.keys(post.responses), ["2XX"]);
});
