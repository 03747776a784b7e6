/** Which project the page works with: `config.json` beside it. */
export interface Config {
  url: string;
  publishable_key: string;
}

export async function readConfig(): Promise<Config> {
  const response = await fetch("config.json");
  if (!response.ok) throw new Error(`config.json answers ${response.status}`);
  const { url, publishable_key }: Partial<Config> = await response.json();
  if (!url || !publishable_key) throw new Error("config.json needs url and publishable_key");
  return { url: url.replace(/\/+$/, ""), publishable_key };
}

/** What the banner calls a project: `local`, or its reference. */
export function environmentName({ url }: Config): string {
  const { hostname } = new URL(url);
  if (["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return "local";
  return hostname.endsWith(".supabase.co") ? hostname.split(".")[0] ?? hostname : hostname;
}
