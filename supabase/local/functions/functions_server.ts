import { publishableKeys, secretKeys } from "../keys.ts";
import type { LogFile } from "../log_file.ts";
import type { Site } from "../site.ts";
import type { StackOptions } from "../stack.ts";
import { FunctionsHost } from "./functions_host.ts";

/** The functions of the site's project, with the environment that the hosted platform gives them. */
export function functionsServer(
  site: Site,
  { watch = false, environment }: StackOptions,
  log: LogFile,
): FunctionsHost {
  const host = new FunctionsHost({
    project: site.project,
    watch,
    log,
    onLost: site.onLost,
    functions: site.config.functions,
    environment: {
      SUPABASE_URL: site.url,
      SUPABASE_PUBLISHABLE_KEYS: JSON.stringify(publishableKeys),
      SUPABASE_SECRET_KEYS: JSON.stringify(secretKeys),
      SUPABASE_JWKS: JSON.stringify(site.key.jwks),
      SUPABASE_DB_URL: site.databaseUrl("postgres"),
      ...environment,
    },
  });
  site.onStop(() => host.stop());
  return host;
}
