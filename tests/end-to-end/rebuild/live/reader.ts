import { setTimeout as delay } from "node:timers/promises";
import type { StackDescription } from "../../../support/stack.ts";
import type { Row } from "../../../../shared/domain/aggregate.ts";
import type { Watched } from "./crowd.ts";

type Generation = "old" | "new";

/** A state as it was read: the row of an aggregate with its child rows embedded. */
export interface ReadState {
  type: "product" | "order";
  id: string;
  version: number;
  generation: Generation;
  json: string;
}

const selects = {
  product: {
    table: "products",
    embed: "product_costs(*)",
    order: "order=id",
    generation: (row: Row): Generation => row.name === "OLD" ? "old" : "new",
  },
  order: {
    table: "orders",
    embed: "order_items(*)",
    order: "order=id&order_items.order=line",
    generation: (row: Row): Generation => row.notes === "OLD" ? "old" : "new",
  },
} as const;

/** Reads the watched aggregates over and over, all of a type in one request, and judges each read. */
export class Reader {
  reads = 0;
  readonly seen: Record<Generation, boolean> = { old: false, new: false };
  /** By type, id, version and generation. */
  readonly states = new Map<string, ReadState>();
  #stack: StackDescription;
  #token: string;
  #watched: Watched;

  constructor(stack: StackDescription, token: string, watched: Watched) {
    this.#stack = stack;
    this.#token = token;
    this.#watched = watched;
  }

  /** Gives the number of reads; throws at the first that is not a whole state. */
  async read(over: AbortSignal): Promise<number> {
    while (!over.aborted) {
      for (const type of ["product", "order"] as const) {
        const ids = type === "product" ? this.#watched.products : this.#watched.orders;
        const rows = await this.#rows(type, ids);
        if (!rows) continue;
        this.#judge(type, ids, rows);
        this.reads += 1;
      }
      await delay(5);
    }
    return this.reads;
  }

  /** Null while PostgREST is away: that is nobody's wrong state. */
  async #rows(type: "product" | "order", ids: readonly string[]): Promise<Row[] | null> {
    const { table, embed, order } = selects[type];
    const path = `${table}?id=in.(${ids})&select=*,${embed}&${order}`;
    const response = await fetch(`${this.#stack.url}/rest/v1/${path}`, {
      headers: {
        apikey: this.#stack.keys.publishable,
        Authorization: `Bearer ${this.#token}`,
      },
    });
    const text = await response.text();
    if (response.status >= 500) return null;
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return JSON.parse(text);
  }

  #judge(type: "product" | "order", ids: readonly string[], rows: readonly Row[]): void {
    const found = rows.map(({ id }) => String(id));
    if (found.join() !== [...ids].sort().join()) {
      throw new Error(`A read of ${ids.length} ${type}s shows ${found.length}`);
    }
    const generations = new Set(rows.map((row) => selects[type].generation(row)));
    const [generation] = generations;
    if (generations.size > 1 || !generation) throw new Error(`A read shows a half switch: ${type}`);
    if (generation === "old" && this.seen.new) throw new Error(`The old generation came back`);
    this.seen[generation] = true;
    for (const row of rows) this.#keep(type, generation, row);
  }

  #keep(type: "product" | "order", generation: Generation, row: Row): void {
    const { id, version } = row as { id: string; version: number };
    const json = JSON.stringify(row);
    const key = `${type} ${id} ${version} ${generation}`;
    const known = this.states.get(key);
    if (known && known.json !== json) {
      throw new Error(`Two states at one version:\n${known.json}\n${json}`);
    }
    this.states.set(key, { type, id, version, generation, json });
  }
}
