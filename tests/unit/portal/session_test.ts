import { assertEquals, assertRejects } from "@std/assert";
import { AnotherPerson, SessionStore } from "../../../functions/portal/web/session/session.ts";

const session = {
  access_token: "token",
  refresh_token: "refresh",
  token_type: "bearer",
  expires_in: 3600,
  user: { id: "5eed0000-0000-4000-8000-000000000001", email: "staff@example.com" },
};
/** A sign-in service that lets everybody in, as the person whose e-mail begins with their number. */
const send: typeof fetch = async (input, init) => {
  if (!String(input).includes("/token?")) return new Response(null, { status: 204 });
  const { email } = JSON.parse(await new Response(init?.body).text());
  const id = `5eed0000-0000-4000-8000-00000000000${String(email).startsWith("staff") ? 1 : 2}`;
  return Response.json({ ...session, user: { id, email } });
};

async function signedIn(): Promise<SessionStore> {
  const store = new SessionStore({ url: "http://127.0.0.1:1", publishable_key: "key" }, send);
  await store.signIn("staff@example.com", "event-sourcing");
  return store;
}

/** A test with a store that staff have signed in to. */
function withStore(name: string, run: (store: SessionStore) => Promise<void>): void {
  Deno.test({
    name,
    sanitizeOps: false, // the client looks after its session on and on
    sanitizeResources: false,
    fn: async () => run(await signedIn()),
  });
}

withStore("what waits for a sign-in is done for who asked, and for nobody else", async (store) => {
  store.lose();
  const own = store.token();
  await store.signIn("staff@example.com", "event-sourcing");
  assertEquals(await own, "token");
  store.lose();
  const another = store.token();
  const refused = assertRejects(() => another, AnotherPerson);
  await store.signIn("approver@example.com", "event-sourcing");
  await refused;
});

withStore(
  "whoever is told that somebody signed out finds no draft of theirs any more",
  async (store) => {
    sessionStorage.setItem("portal.draft.test", "{}");
    const found: (string | null)[] = [];
    store.listen(() => found.push(sessionStorage.getItem("portal.draft.test")));
    assertEquals(await store.signOut(), null);
    assertEquals(found, [null]);
  },
);
