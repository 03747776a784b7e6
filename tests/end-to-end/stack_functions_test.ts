/** Functions run locally as they run hosted. The project under test is a scratch one. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { callFunction } from "../support/call_function.ts";
import { eventually } from "../support/eventually.ts";
import { withStack } from "../support/stack.ts";

const config = `
project_id = "scratch"
[functions.echo]
entrypoint = "../functions/echo/index.ts"
[functions.broken]
entrypoint = "../functions/broken/index.ts"
[functions.off]
enabled = false
`;

const echo = `export default { fetch: async (request) => {
  const { pathname, search } = new URL(request.url);
  if (pathname === "/echo/slow") await new Promise((resolve) => setTimeout(resolve, 1500));
  if (pathname === "/echo/background") {
    EdgeRuntime.waitUntil(new Promise((resolve) => setTimeout(resolve, 800)).then(() => console.log("background done")));
  }
  if (pathname === "/echo/stream") return new Response(stream());
  const platform = Object.keys(Deno.env.toObject()).filter((name) => name.startsWith("SUPABASE_"));
  return Response.json({ version: 1, path: pathname + search, body: await request.text(), platform: platform.sort() });
} };
function stream() {
  let timer;
  return new ReadableStream({
    start(controller) { timer = setInterval(() => controller.enqueue(new TextEncoder().encode("tick")), 20); },
    cancel() { clearInterval(timer); console.log("stream cancelled"); },
  });
}`;

async function scratchProject(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "scratch project " });
  for (const path of ["supabase/migrations", "functions/echo", "functions/broken", "shared"]) {
    await Deno.mkdir(`${folder}/${path}`, { recursive: true });
  }
  await Deno.writeTextFile(`${folder}/supabase/config.toml`, config);
  await Deno.writeTextFile(`${folder}/supabase/seed.sql`, "");
  await Deno.writeTextFile(`${folder}/functions/echo/index.ts`, echo);
  await Deno.writeTextFile(`${folder}/functions/broken/index.ts`, "throw new Error('no luck');");
  return folder;
}

Deno.test("functions see the hosted path and environment, stream, and reload on save without dropping work", async () => {
  const project = await scratchProject();
  await withStack(async (stack) => {
    const answer = await callFunction("echo/a/b?c=d", { body: "hello" }, stack);
    assertEquals(answer.body, {
      version: 1,
      path: "/echo/a/b?c=d",
      body: "hello",
      platform: [
        "SUPABASE_DB_URL",
        "SUPABASE_JWKS",
        "SUPABASE_PUBLISHABLE_KEYS",
        "SUPABASE_SECRET_KEYS",
        "SUPABASE_URL",
      ],
    });

    const broken = await callFunction("broken", {}, stack);
    assertEquals([broken.status, broken.body.code], [503, "function_broken"]);
    assertStringIncludes(
      stack.functionLogs.join("\n"),
      'Function "broken" does not load: Error: no luck',
    );
    assertEquals((await callFunction("off", {}, stack)).status, 404);

    const response = await fetch(`${stack.url}/functions/v1/echo/stream`);
    const reader = response.body?.getReader();
    const { value } = await reader?.read() ?? {};
    assertEquals(new TextDecoder().decode(value), "tick");
    await reader?.cancel();
    await eventually(() => stack.functionLogs.includes("stream cancelled"));

    await callFunction("echo/background", {}, stack);
    const slow = callFunction("echo/slow", {}, stack);
    await Deno.writeTextFile(
      `${project}/functions/echo/index.ts`,
      echo.replace("version: 1", "version: 2"),
    );
    await eventually(async () => (await callFunction("echo", {}, stack)).body.version === 2);
    assertEquals((await slow).body.version, 1);
    await eventually(() => stack.functionLogs.includes("background done"));
  }, { project, watch: true });
  await Deno.remove(project, { recursive: true });
});
