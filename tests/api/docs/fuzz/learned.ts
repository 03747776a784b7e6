/** Stands in a request for a value that an earlier answer had, should there be one. */
export class Learned {
  constructor(
    readonly name: string,
    readonly pick: number,
    readonly otherwise: unknown,
  ) {}
}

type Seen = Record<string, unknown>;

const MOST_SEEN = 400;

/** The objects that the API has answered: the ids in them are what later requests ask for. */
export class Memory {
  #seen: Seen[] = [];

  /** Remembers every object in a body. */
  learn(body: unknown): void {
    if (typeof body !== "object" || body === null) return;
    if (!Array.isArray(body)) this.#seen.push(body as Seen);
    if (this.#seen.length > MOST_SEEN) this.#seen.shift();
    for (const one of Object.values(body)) this.learn(one);
  }

  /** The value with every {@link Learned} filled in, from one and the same object where it can be. */
  fill(value: unknown, object: number): unknown {
    if (value instanceof Learned) return this.#recall(value, object) ?? value.otherwise;
    if (Array.isArray(value)) return value.map((one) => this.fill(one, object));
    if (typeof value !== "object" || value === null) return value;
    const filled = Object.entries(value).map(([key, one]) => [key, this.fill(one, object)]);
    return Object.fromEntries(filled);
  }

  #recall({ name, pick }: Learned, object: number): unknown {
    for (let i = 0; i < this.#seen.length; i++) {
      const seen = this.#seen[(object + i) % this.#seen.length] ?? {};
      const values = Object.entries(seen).filter(([key, value]) => isNamed(key, name, value));
      if (values.length === 0) continue;
      const exactly = values.find(([key]) => key === name && pick % 3 > 0);
      return (exactly ?? values[pick % values.length])?.[1];
    }
    return undefined;
  }
}

/** A path's `id` may be any `…_id` that was seen, its `table` the `table_name`. */
function isNamed(key: string, name: string, value: unknown): boolean {
  if (typeof value !== "string" && typeof value !== "number") return false;
  return key === name || key.endsWith(`_${name}`) || key === `${name}_name`;
}
