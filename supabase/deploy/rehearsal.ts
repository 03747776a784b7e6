/**
 * The upload of all functions, to a Management API on loopback that keeps nothing: the CLI warns of a
 * file it cannot find only while it uploads, and then goes on. So it is made to say so here first.
 */
import { runCli } from "./run_cli.ts";

const projectRef = "rehearsalrehearsalaa"; // any twenty letters
const accessToken = `sbp_${"0".repeat(40)}`; // has the shape the CLI asks for; the person's own stays here

/** @throws Refusal when the CLI warns or fails. */
export async function rehearse(project: string): Promise<void> {
  const home = await Deno.makeTempDir();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, accept);
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const profile = `${home}/profile.yaml`;
    await Deno.writeTextFile(profile, profileFor(url));
    await runCli(
      project,
      ["functions", "deploy", "--use-api", `--remote=${projectRef}`, "--profile", profile],
      {
        echo: false,
        env: {
          SUPABASE_ACCESS_TOKEN: accessToken,
          SUPABASE_HOME: home,
          SUPABASE_TELEMETRY_DISABLED: "1",
          NO_PROXY: "127.0.0.1",
        },
      },
    );
  } finally {
    await server.shutdown();
    await Deno.remove(home, { recursive: true });
  }
}

/** The CLI's own way to be pointed at another Management API; JSON is YAML too. */
function profileFor(url: string): string {
  return JSON.stringify({
    name: "rehearsal",
    api_url: url,
    dashboard_url: url,
    project_host: "rehearsal.invalid",
  });
}

/** Says yes to each bundle and to the switch to them. */
async function accept(request: Request): Promise<Response> {
  await request.arrayBuffer();
  const slug = new URL(request.url).searchParams.get("slug");
  if (request.method === "PUT") return Response.json({ functions: [] });
  if (!slug) return Response.json({ message: "not part of the rehearsal" }, { status: 404 });
  return Response.json(
    { id: slug, slug, name: slug, status: "ACTIVE", version: 1, created_at: 0, updated_at: 0 },
    { status: 201 },
  );
}
