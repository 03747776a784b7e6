import { assertEquals, assertThrows } from "@std/assert";
import { ApplicationError } from "../../../shared/errors.ts";
import { checkSize, EVENT_LIMIT } from "../../../shared/events/event_size.ts";

/** Data that weighs exactly so many bytes together with empty metadata. */
function data(bytes: number, character = "x") {
  const width = new TextEncoder().encode(character).byteLength;
  const rest = bytes - `{"text":""}`.length - "{}".length;
  return { text: character.repeat(Math.floor(rest / width)) + "x".repeat(rest % width) };
}

Deno.test("checkSize() counts bytes of UTF-8, not characters, of data and metadata together", () => {
  for (const character of ["x", "é", "漢", "🚰"]) {
    checkSize(data(EVENT_LIMIT, character), undefined);
    assertThrows(() => checkSize(data(EVENT_LIMIT + 1, character), undefined), ApplicationError);
  }
  assertThrows(() => checkSize(data(EVENT_LIMIT - 5), { a: "12345" }), ApplicationError);
});

Deno.test("checkSize() says which event of a batch is too large", () => {
  const error = assertThrows(() => checkSize(data(300_000), {}, "/events/7"), ApplicationError);
  assertEquals([error.status, error.code], [413, "event_too_large"]);
  assertEquals(error.errors?.[0]?.pointer, "/events/7");
});
