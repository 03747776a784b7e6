import { assertEquals } from "@std/assert";
import { customer } from "../../../shared/domain/customer.ts";
import { assertRefused, type Fact, OWNER, stateAfter } from "./story.ts";

const ADDRESS = { line1: "14 Canal Road", city: "Pune", postal_code: "411001", country: "IN" };
const REGISTERED: Fact = ["customer.registered", { email: "asha@example.com", name: "Asha" }];
const DEACTIVATED: Fact = ["customer.deactivated", { reason: "Asked for it" }];
const REACTIVATED: Fact = ["customer.reactivated", { reason: "Came back" }];
const updated = (data: object): Fact => ["customer.profile_updated", data];

Deno.test("a registered customer is active and belongs to the user who registered", () => {
  const state = stateAfter(customer, REGISTERED);
  assertEquals([state.email, state.name, state.status], ["asha@example.com", "Asha", "active"]);
  assertEquals([state.phone, state.address, state.owner_id], [null, null, OWNER]);
});

Deno.test("a customer registers once and everything else needs it", () => {
  assertRefused("already_created", customer, REGISTERED, REGISTERED);
  assertRefused("not_yet_created", customer, updated({ name: "A" }));
  assertRefused("not_yet_created", customer, DEACTIVATED);
});

Deno.test("a profile update changes the named fields only and null clears one", () => {
  const state = stateAfter(
    customer,
    REGISTERED,
    updated({ phone: "+91 20 5550", address: ADDRESS }),
    updated({ name: "Asha Kulkarni" }),
  );
  assertEquals([state.name, state.phone], ["Asha Kulkarni", "+91 20 5550"]);
  assertEquals(state.address, ADDRESS);
  const cleared = stateAfter(
    customer,
    REGISTERED,
    updated({ address: ADDRESS }),
    updated({ address: null }),
  );
  assertEquals(cleared.address, null);
});

Deno.test("an account can be closed and opened again, neither twice", () => {
  assertEquals(stateAfter(customer, REGISTERED, DEACTIVATED).status, "deactivated");
  assertEquals(stateAfter(customer, REGISTERED, DEACTIVATED, REACTIVATED).status, "active");
  assertRefused("impossible_transition", customer, REGISTERED, DEACTIVATED, DEACTIVATED);
  assertRefused("impossible_transition", customer, REGISTERED, REACTIVATED);
});
