import { setTimeout as delay } from "node:timers/promises";

/** Asks the system for a free TCP port on loopback. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Throws, naming the port, when something listens on it and goes on to for a second. */
export async function ensureFree(port: number | undefined, purpose: string): Promise<void> {
  if (port === undefined) return;
  for (let attempt = 0; attempt < 10; attempt++) {
    if (isFree(port)) return;
    await delay(100);
  }
  throw new Error(`Port ${port} (${purpose}) is busy: stop what listens there, or use --port`);
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}
