import { assertEquals, assertThrows } from "@std/assert";
import { ApplicationError } from "../../../shared/errors.ts";
import { waitSeconds } from "../../../shared/http/prefer.ts";

Deno.test("waitSeconds() finds wait among the preferences", () => {
  assertEquals(waitSeconds("wait=5"), 5);
  assertEquals(waitSeconds("respond-async, Wait=30"), 30);
  assertEquals(waitSeconds(`wait="10"`), 10);
});

Deno.test("waitSeconds() is null when nobody asks to wait", () => {
  for (const prefer of [undefined, "", "return=minimal", "waiting=5"]) {
    assertEquals(waitSeconds(prefer), null);
  }
});

Deno.test("waitSeconds() refuses a wait that is no whole number from 1 to 30", () => {
  for (const prefer of ["wait", "wait=", "wait=0", "wait=31", "wait=-1", "wait=1.5", "wait=soon"]) {
    const error = assertThrows(() => waitSeconds(prefer), ApplicationError, undefined, prefer);
    assertEquals([error.status, error.errors?.[0]?.pointer], [400, "/header/prefer"]);
  }
});
