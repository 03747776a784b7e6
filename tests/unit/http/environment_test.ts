import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseEnvironment } from "../../../shared/environment.ts";

const complete: Record<string, string> = {
  SUPABASE_URL: "https://ref.supabase.co/",
  SUPABASE_PUBLISHABLE_KEYS: `{"default":"sb_publishable_x"}`,
  SUPABASE_SECRET_KEYS: `{"default":"sb_secret_x","agent_category":"sb_secret_y"}`,
  SUPABASE_JWKS: `{"keys":[{"kty":"EC"}]}`,
};

Deno.test("parseEnvironment() reads what the platform provides", () => {
  const environment = parseEnvironment((name) => complete[name]);
  assertEquals(environment.url, "https://ref.supabase.co");
  assertEquals(environment.secretKeys.agent_category, "sb_secret_y");
  assertEquals(environment.jwks.keys, [{ kty: "EC" }]);
});

Deno.test("parseEnvironment() takes a bare array of keys as well", () => {
  const bare: Record<string, string> = { ...complete, SUPABASE_JWKS: `[{"kty":"EC"}]` };
  assertEquals(parseEnvironment((name) => bare[name]).jwks, { keys: [{ kty: "EC" }] });
});

Deno.test("parseEnvironment() names every wrong variable and shows no value", () => {
  const wrong: Record<string, string> = {
    SUPABASE_URL: "ref.supabase.co",
    SUPABASE_SECRET_KEYS: "sb_secret_plain",
    SUPABASE_PUBLISHABLE_KEYS: `{"web":"sb_publishable_x"}`,
  };
  const { message } = assertThrows(() => parseEnvironment((name) => wrong[name]), Error);
  for (const name of Object.keys(complete)) assert(message.includes(name), `${name}: ${message}`);
  assert(!message.includes("sb_"));
});
