import { repository } from "../../../supabase/local/repository.ts";
import type { ManagementApi } from "./management_api.ts";

export interface DeployRun {
  code: number;
  /** Everything it printed. */
  output: string;
}

/** Runs supabase/deploy.ts with the real CLI on the project in `folder`, with `api` in the place of Supabase. */
export async function deploy(
  folder: string,
  api: ManagementApi,
  args: string[] = [],
): Promise<DeployRun> {
  const home = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${home}/profile.yaml`, profile(api));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        `${repository}/supabase/deploy.ts`,
        `--workdir=${folder}`,
        `--project-ref=${api.projectRef}`,
        ...args,
      ],
      cwd: home,
      env: {
        SUPABASE_PROFILE: `${home}/profile.yaml`,
        SUPABASE_HOME: home,
        SUPABASE_ACCESS_TOKEN: api.accessToken,
        SUPABASE_TELEMETRY_DISABLED: "1",
        PGSSLMODE: "disable",
        NO_PROXY: "127.0.0.1",
      },
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    return { code, output: text.decode(stdout) + text.decode(stderr) };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** The CLI's own way to be pointed at another Management API; JSON is YAML too. */
function profile({ url }: ManagementApi): string {
  return JSON.stringify({
    name: "test",
    api_url: url,
    dashboard_url: url,
    project_host: "test.invalid",
  });
}
