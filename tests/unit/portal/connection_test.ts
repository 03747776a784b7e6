import { assertEquals, assertRejects } from "@std/assert";
import { Connection } from "../../../functions/portal/web/session/connection.ts";

Deno.test("a platform that does not answer twice is away since the first time, until it answers", async () => {
  let status = 503;
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(null, { status }),
  );
  let now = 1_000;
  const connection = new Connection(fetch, () => now);
  const told: (number | null)[] = [];
  connection.listen(() => told.push(connection.lostSince()));
  const ask = async (init?: RequestInit) =>
    await (await connection.fetch(`http://127.0.0.1:${server.addr.port}`, init)).body?.cancel();

  await ask();
  assertEquals(connection.lostSince(), null);
  now = 2_000;
  await ask();
  assertEquals(connection.lostSince(), 1_000);
  status = 403; // a refusal is an answer
  await ask();
  assertEquals(connection.lostSince(), null);
  for (let i = 0; i < 3; i++) await assertRejects(() => ask({ signal: AbortSignal.abort() }));
  assertEquals(told, [1_000, null]);
});

Deno.test("a refused connection is a platform that is away", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  const connection = new Connection(fetch, () => 7);
  for (let i = 0; i < 2; i++) {
    await assertRejects(() => connection.fetch(`http://127.0.0.1:${port}`));
  }
  assertEquals(connection.lostSince(), 7);
});
