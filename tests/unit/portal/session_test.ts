import { assertEquals } from "@std/assert";
import { SessionStore } from "../../../functions/portal/web/session/session.ts";

const session = {
  access_token: "token",
  refresh_token: "refresh",
  token_type: "bearer",
  expires_in: 3600,
  user: { id: "5eed0000-0000-4000-8000-000000000001", email: "staff@example.com" },
};
const send: typeof fetch = (input) =>
  Promise.resolve(
    String(input).includes("/token?")
      ? Response.json(session)
      : new Response(null, { status: 204 }),
  );

Deno.test({
  name: "whoever is told that somebody signed out finds no draft of theirs any more",
  sanitizeOps: false, // the client looks after its session on and on
  sanitizeResources: false,
  fn: async () => {
    const config = { url: "http://127.0.0.1:1", publishable_key: "key" };
    const store = new SessionStore(config, send);
    await store.signIn("staff@example.com", "event-sourcing");
    sessionStorage.setItem("portal.draft.test", "{}");
    const found: (string | null)[] = [];
    store.listen(() => found.push(sessionStorage.getItem("portal.draft.test")));
    assertEquals(await store.signOut(), null);
    assertEquals(found, [null]);
  },
});
