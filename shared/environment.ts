import { z } from "zod";

/** What the platform gives every function: where it runs and the keys that are valid there. */
export interface Environment {
  /** Base URL of the project, without a trailing slash. */
  url: string;
  /** Publishable keys by name; `default` always exists. */
  publishableKeys: { default: string } & Record<string, string>;
  /** Secret keys by name; `default` always exists. */
  secretKeys: { default: string } & Record<string, string>;
  /** Public keys that user tokens are signed with. */
  jwks: { keys: Record<string, unknown>[] };
  /** Hosts that subscriptions may push to although they are inside a network. */
  subscriptionHosts: readonly string[];
}

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});
const keys = json.pipe(z.object({ default: z.string().min(1) }).catchall(z.string().min(1)));
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) });

const variables = z.object({
  SUPABASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
  SUPABASE_PUBLISHABLE_KEYS: keys,
  SUPABASE_SECRET_KEYS: keys,
  SUPABASE_JWKS: json.pipe(
    z.union([keySet, z.array(keySet.shape.keys.element).min(1).transform((keys) => ({ keys }))]),
  ),
  SUBSCRIPTION_ALLOWED_HOSTS: z.string().default("").transform((hosts) =>
    hosts.split(",").map((host) => host.trim().toLowerCase()).filter((host) => host !== "")
  ),
});

/**
 * Reads and checks the variables; throws one error that names every wrong variable and never
 * shows a value.
 */
export function parseEnvironment(read: (name: string) => string | undefined): Environment {
  const names = Object.keys(variables.shape);
  const parsed = variables.safeParse(
    Object.fromEntries(names.map((name) => [name, read(name)])),
  );
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new Error(`The environment is not complete: ${wrong.join("; ")}`);
  }
  return {
    url: parsed.data.SUPABASE_URL,
    publishableKeys: parsed.data.SUPABASE_PUBLISHABLE_KEYS,
    secretKeys: parsed.data.SUPABASE_SECRET_KEYS,
    jwks: parsed.data.SUPABASE_JWKS,
    subscriptionHosts: parsed.data.SUBSCRIPTION_ALLOWED_HOSTS,
  };
}

let cached: Environment | undefined;

/** The environment of this process, read once, on the first request that needs it. */
export function environment(): Environment {
  return cached ??= parseEnvironment((name) => Deno.env.get(name));
}

/** An OpenAI-compatible endpoint that may word what was computed. */
export interface LanguageModel {
  /** Base URL, such as `https://api.openai.com/v1`. */
  url: string;
  key: string;
  model: string;
}

const modelVariables = z.object({
  LLM_BASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
  LLM_API_KEY: z.string().min(1),
  LLM_MODEL: z.string().min(1),
});

/**
 * The language model, when LLM_BASE_URL, LLM_API_KEY and LLM_MODEL are all set and make sense; null
 * otherwise. Nothing needs one.
 */
export function languageModel(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): LanguageModel | null {
  const names = Object.keys(modelVariables.shape);
  const parsed = modelVariables.safeParse(
    Object.fromEntries(names.map((name) => [name, read(name)])),
  );
  if (!parsed.success) return null;
  const { LLM_BASE_URL: url, LLM_API_KEY: key, LLM_MODEL: model } = parsed.data;
  return { url, key, model };
}
