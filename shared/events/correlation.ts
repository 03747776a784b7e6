import { generate } from "@std/uuid/v5";

/** Namespace of correlation keys. Never change it: stored events were grouped with it. */
export const CORRELATION_NAMESPACE = "7f3c1d52-94a5-4d0e-8c0b-5a1f6f0c2e77";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A correlation as the log keeps it; `key` is what the client wrote, unless that was a UUID. */
export interface Correlation {
  id: string;
  key?: string;
}

/** Turns a UUID, or a readable key such as `order-flow-123`, into the UUID that groups events. */
export async function correlate(given: string): Promise<Correlation> {
  if (UUID.test(given)) return { id: given.toLowerCase() };
  const id = await generate(CORRELATION_NAMESPACE, new TextEncoder().encode(given));
  return { id, key: given };
}
