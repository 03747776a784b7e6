import { assertEquals, assertThrows } from "@std/assert";
import { ApplicationError } from "../../../shared/errors.ts";
import { actorOf, attribute } from "../../../shared/events/identity.ts";
import type { Principal } from "../../../shared/http/principal.ts";

const ANN = "5f0f3a0e-27a0-4b36-9b5c-0c6b3a9f2a11";
const BOB = "0b6a1f0e-8d55-4b1e-8a0e-6a3c2f1d4e22";
const ann: Principal = { kind: "user", userId: ANN, createdBy: `user:${ANN}` };
const agent: Principal = { kind: "agent", name: "category", createdBy: "agent:category" };
const service: Principal = { kind: "service", createdBy: "system" };

Deno.test("attribute() believes no claim of a user or an agent, and keeps it as a claim", () => {
  assertEquals(attribute(ann, { created_by: "user:test", user_id: BOB }), {
    stated: {},
    claims: { claimed_created_by: "user:test", claimed_user_id: BOB },
  });
  assertEquals(attribute(agent, { created_by: "system" }), {
    stated: {},
    claims: { claimed_created_by: "system" },
  });
});

Deno.test("attribute() keeps no claim that is true", () => {
  const claims = { created_by: `user:${ANN}`, user_id: ANN };
  assertEquals(attribute(ann, claims), { stated: {}, claims: {} });
});

Deno.test("attribute() believes the backend, which may also name only the author", () => {
  assertEquals(attribute(service, { created_by: "agent:category" }).stated, {
    created_by: "agent:category",
    user_id: undefined,
  });
  assertEquals(attribute(service, { created_by: `user:${BOB}` }).stated, {
    created_by: `user:${BOB}`,
    user_id: BOB,
  });
  assertEquals(attribute(service, {}).stated, { user_id: undefined });
});

Deno.test("attribute() refuses a malformed author stated by the backend, with its place", () => {
  for (const created_by of ["user:test", "agent:Category", "root", "", `user:${ANN} `]) {
    const error = assertThrows(
      () => attribute(service, { created_by }, "/events/3"),
      ApplicationError,
    );
    assertEquals(error.code, "validation_failed");
    assertEquals(error.errors?.[0]?.pointer, "/events/3/created_by");
  }
});

Deno.test("actorOf() names the actor for the database and refuses an automation", () => {
  assertEquals(actorOf(ann), { kind: "user", user_id: ANN });
  assertEquals(actorOf(agent), { kind: "agent", name: "category" });
  assertEquals(actorOf(service), { kind: "service" });
  const error = assertThrows(() => actorOf({ kind: "automation" }), ApplicationError);
  assertEquals(error.code, "forbidden");
});
