import { adminClient } from "../../shared/database/client.ts";
import { environment } from "../../shared/environment.ts";

/** What a feature can be: `pending` means not built or not deployed yet. */
export type Condition = "active" | "degraded" | "pending";

export interface Features {
  auth: Condition;
  database: Condition;
  events: Condition;
  agents: Condition;
}

/** How long one check may take, in milliseconds. */
const PATIENCE = 2_000;
/** The sweep runs every 10 s; when it was last seen longer ago than this, it is not running. */
const SWEEP_OVERDUE = 60;

/** Looks at every feature at the same time. Never throws: what cannot be seen is degraded. */
export async function checkFeatures(): Promise<Features> {
  const [auth, health, agents] = await Promise.all([
    orDegraded(checkAuth()),
    readHealth().catch(() => null),
    orDegraded(checkAgents()),
  ]);
  return {
    auth,
    database: health ? "active" : "degraded",
    events: health && eventsFlow(health) ? "active" : "degraded",
    agents,
  };
}

function orDegraded(check: Promise<Condition>): Promise<Condition> {
  return check.catch(() => "degraded");
}

/** Sign-in works when its public keys can be fetched. */
async function checkAuth(): Promise<Condition> {
  const response = await fetch(`${environment().url}/auth/v1/.well-known/jwks.json`, {
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { keys } = await response.json();
  return response.ok && Array.isArray(keys) && keys.length > 0 ? "active" : "degraded";
}

/** Agents are there once their function answers anything but "no such function". */
async function checkAgents(): Promise<Condition> {
  const response = await fetch(`${environment().url}/functions/v1/agents`, {
    signal: AbortSignal.timeout(PATIENCE),
  });
  await response.body?.cancel();
  if (response.status === 404) return "pending";
  return response.status < 500 ? "active" : "degraded";
}

interface Health {
  event_types: number;
  webhook_configured: boolean;
  seconds_since_sweep: number | null;
}

async function readHealth(): Promise<Health> {
  const { data, error } = await adminClient().rpc("platform_health")
    .abortSignal(AbortSignal.timeout(PATIENCE));
  if (error) throw error;
  return data;
}

/** Events flow when there is a catalog, the webhook has its secrets and the sweep is alive. */
function eventsFlow(health: Health): boolean {
  const { event_types, webhook_configured, seconds_since_sweep } = health;
  return event_types > 0 && webhook_configured && seconds_since_sweep !== null &&
    seconds_since_sweep < SWEEP_OVERDUE;
}
