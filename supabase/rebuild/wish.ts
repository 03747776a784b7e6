import { parseArgs } from "node:util";
import { apiKeys } from "../local/keys.ts";

/** What the person at the terminal wants. */
export interface Wish {
  kind: "rebuild" | "verify";
  /** Aggregate types; all without. */
  types: string[] | undefined;
  /** Stop after the comparison and ask. */
  byHand: boolean;
  reason: string | undefined;
  /** The project's URL, without a slash at its end. */
  url: string;
  /** Its secret key. */
  key: string;
}

export const usage = `deno task rebuild [--types product,order] [--by-hand] [--verify]
                  [--reason TEXT] [--url URL] [--key SECRET_KEY]

Folds the event log anew and switches the state tables to the result.
  --verify   only report where the state tables differ; exit code 1 when they do
  --by-hand  stop after the comparison and ask before the switch
  --types    only these aggregate types
  --url, --key  the project; default SUPABASE_URL and SUPABASE_SECRET_KEY,
                then the local one`;

/** Reads arguments and environment. Throws a `TypeError` of one line on anything it does not know. */
export function wishOf(args: string[], environment: (name: string) => string | undefined): Wish {
  const { values } = parseArgs({
    args,
    options: {
      types: { type: "string" },
      verify: { type: "boolean", default: false },
      "by-hand": { type: "boolean", default: false },
      reason: { type: "string" },
      url: { type: "string" },
      key: { type: "string" },
    },
  });
  if (values.verify && values["by-hand"]) {
    throw new TypeError("--verify switches nothing, so --by-hand has no meaning with it");
  }
  const url = values.url ?? environment("SUPABASE_URL");
  const key = values.key ?? environment("SUPABASE_SECRET_KEY");
  if (url !== undefined && key === undefined) {
    throw new TypeError(`Cannot sign in at ${url}: want --key or SUPABASE_SECRET_KEY`);
  }
  return {
    kind: values.verify ? "verify" : "rebuild",
    types: values.types?.split(",").map((type) => type.trim()).filter((type) => type !== ""),
    byHand: values["by-hand"],
    reason: values.reason,
    url: (url ?? "http://127.0.0.1:54321").replace(/\/+$/, ""),
    key: key ?? apiKeys.secret,
  };
}
