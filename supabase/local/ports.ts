import { setTimeout as delay } from "node:timers/promises";

/**
 * A free TCP port on loopback, by chance, below those that systems give to outgoing connections:
 * one of these could take it before it is listened on.
 */
export function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (isFree(port)) return port;
  }
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
