/** `deno task deploy` with the real Supabase CLI, against a Management API on loopback. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { apiKeys } from "../../supabase/local/keys.ts";
import { repository } from "../../supabase/local/repository.ts";
import { type Bundle, bundleSize, unpack } from "../support/management_api/bundle.ts";
import { deploy } from "../support/management_api/deployment.ts";
import { startManagementApi } from "../support/management_api/management_api.ts";
import { indexFile, section, smallProject } from "../support/management_api/small_project.ts";
import { scratchDatabase } from "../support/scratch_database.ts";
import { runningStack } from "../support/stack.ts";

const sizeLimit = 5_000_000; // bytes the platform takes for one function
const secrets = [apiKeys.secret, apiKeys.automations, apiKeys.agent_category];

async function functionFolders(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${repository}/functions`));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
}

Deno.test("deploy uploads every function of this project, each complete and with nothing beside it", async (t) => {
  await using api = startManagementApi();
  const { code, output } = await deploy(repository, api, [`--db-url=${runningStack().dbUrl}`]);
  assertEquals(code, 0, output);
  const slugs = await functionFolders();
  assertEquals(api.bundles.map(({ slug }) => slug).sort(), slugs);
  assertEquals(api.active.toSorted(), slugs);

  for (const bundle of api.bundles) {
    await t.step(`${bundle.slug}: metadata says entrypoint, import map and no JWT check`, () => {
      assertEquals(bundle.metadata, {
        name: bundle.slug,
        entrypoint_path: `functions/${bundle.slug}/index.ts`,
        import_map_path: "deno.json",
        verify_jwt: false,
        static_patterns: [],
      });
    });
    await t.step(`${bundle.slug}: only its own folder, shared/ and deno.json`, () => {
      assertOnlyItsOwnFiles(bundle);
    });
    await t.step(`${bundle.slug}: within the platform's size limit`, () => {
      assert(bundleSize(bundle) < sizeLimit, `${bundleSize(bundle)} bytes`);
    });
  }
  await t.step("each, unpacked where nothing else is, type-checks and starts", async () => {
    await assertComplete(api.bundles);
  });
});

function assertOnlyItsOwnFiles({ slug, files }: Bundle): void {
  const allowed = new RegExp(`^(deno\\.json|(functions/${slug}|shared)/[\\w/-]+\\.(ts|tsx|json))$`);
  for (const [path, content] of files) {
    assertMatch(path, allowed);
    const text = new TextDecoder().decode(content);
    for (const secret of secrets) assert(!text.includes(secret), `${path} holds a secret key`);
  }
}

/** One process for all of them: their deno.json is the same, and npm's types are read only once. */
async function assertComplete(bundles: Bundle[]): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "unpacked " });
  try {
    for (const bundle of bundles) await unpack(bundle, `${folder}/${bundle.slug}`);
    const entrypoints = bundles.map(({ slug, metadata }) =>
      `./${slug}/${metadata.entrypoint_path}`
    );
    const start = `
      for (const path of ${JSON.stringify(entrypoints)}) {
        const { default: served } = await import(path);
        if (typeof served.fetch !== "function") throw new Error(path + " serves nothing");
      }`;
    await Deno.writeTextFile(`${folder}/start.ts`, start);
    const deno = bundles.map(({ files }) => new TextDecoder().decode(files.get("deno.json")));
    assertEquals(new Set(deno).size, 1);
    // As on the platform there is no node_modules folder.
    const options = [
      "--config",
      `${bundles[0]?.slug}/deno.json`,
      "--node-modules-dir=none",
      "--quiet",
    ];
    await run(folder, ["check", ...options, ...entrypoints]);
    await run(folder, ["run", "-A", ...options, "start.ts"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(cwd: string, args: string[]): Promise<void> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

Deno.test("deploy applies the migrations before it uploads a function", async () => {
  await using project = await smallProject();
  await using database = await scratchDatabase();
  const tables: unknown[] = [];
  await using api = startManagementApi({
    onUpload: async () => {
      const [row] = await database.sql`select to_regclass('public.greetings')::text as name`;
      tables.push(row?.name);
    },
  });
  const { code, output } = await deploy(project.folder, api, [`--db-url=${database.url}`]);
  assertEquals(code, 0, output);
  assertEquals(tables, ["greetings", "greetings"]);
  assertEquals(api.active, ["greet", "part"]);
});

Deno.test("deploy --functions-only leaves the database alone", async () => {
  await using project = await smallProject();
  await using api = startManagementApi();
  const args = ["--functions-only", "--db-url=postgresql://nowhere"];
  const { code, output } = await deploy(project.folder, api, args);
  assertEquals(code, 0, output);
  assertEquals(api.active, ["greet", "part"]);
});

Deno.test("deploy --check uploads nothing and says what is fit", async () => {
  await using project = await smallProject();
  await using api = startManagementApi();
  const { code, output } = await deploy(project.folder, api, ["--check"]);
  assertEquals(code, 0, output);
  assertStringIncludes(output, "Fit to be deployed: greet, part");
  assertEquals(api.requests, []);
});

const refusals: {
  name: string;
  spoil: (write: (path: string, content: string) => Promise<void>) => Promise<void>;
  reason: string;
}[] = [
  {
    name: "an import of a missing file",
    spoil: (write) => write("functions/part/index.ts", indexFile("x", 'import "./gone.ts";')),
    reason: "the functions do not type-check",
  },
  {
    name: "a type error in shared code",
    spoil: (write) => write("shared/answer.ts", "export const answer = (n: number) => n.at(0);"),
    reason: "the functions do not type-check",
  },
  {
    name: "a warning of the CLI that the type check does not see",
    spoil: (write) => write("functions/part/index.ts", indexFile("x", '// import "./gone.ts";')),
    reason:
      "supabase functions deploy warns: WARN: failed to read file: open functions/part/gone.ts",
  },
  {
    name: "a function that config.toml does not list",
    spoil: (write) => write("functions/extra/index.ts", indexFile("x")),
    reason: "functions/extra has no section [functions.extra] in supabase/config.toml",
  },
  {
    name: "a section of config.toml without a function",
    spoil: (write) =>
      write("supabase/config.toml", `${section("greet")}${section("part")}${section("lost")}`),
    reason: "[functions.lost] has no folder",
  },
  {
    name: "a function whose JWT the gateway would check",
    spoil: (write) =>
      write(
        "supabase/config.toml",
        section("greet") + section("part").replace("verify_jwt = false", ""),
      ),
    reason: "[functions.part] must say verify_jwt = false",
  },
  {
    name: "a function without the project's import map",
    spoil: (write) =>
      write("supabase/config.toml", section("greet") + section("part").replace(/import_map.*/, "")),
    reason: '[functions.part] must say import_map = "../deno.json"',
  },
];

for (const { name, spoil, reason } of refusals) {
  Deno.test(`deploy refuses ${name}, before it touches anything`, async () => {
    await using project = await smallProject();
    await using api = startManagementApi();
    await spoil(project.write);
    const { code, output } = await deploy(project.folder, api, ["--db-url=postgresql://nowhere"]);
    assertEquals(code, 1, output);
    assertStringIncludes(output, `Not deployed: ${reason}`);
    assertEquals(api.requests, []);
  });
}

Deno.test("deploy uploads nothing when a migration fails", async () => {
  await using project = await smallProject();
  await using database = await scratchDatabase();
  await using api = startManagementApi();
  await project.write("supabase/migrations/20260102000000_wrong.sql", "create tabel x ();");
  const { code, output } = await deploy(project.folder, api, [`--db-url=${database.url}`]);
  assertEquals(code, 1, output);
  assertStringIncludes(output, "Not deployed: supabase db push failed");
  assertEquals(api.bundles, []);
});

Deno.test("deploy fails when the platform refuses an upload, and switches no function", async () => {
  await using project = await smallProject();
  await using database = await scratchDatabase();
  await using api = startManagementApi({ uploadStatus: 400 });
  const { code, output } = await deploy(project.folder, api, [`--db-url=${database.url}`]);
  assertEquals(code, 1, output);
  assertStringIncludes(output, "Not deployed: supabase functions deploy failed");
  assertEquals(api.active, []);
});
