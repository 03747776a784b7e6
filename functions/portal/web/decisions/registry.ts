import { useQuery } from "@tanstack/react-query";
import { usePortal } from "../session/context.ts";
import type { Policy } from "./decision.ts";

/** What `GET /agents` answers. */
export interface Registry {
  all_stopped: boolean;
  agents: {
    agent: string;
    stopped: boolean;
    open_decisions: number;
    policies: (Policy & { promotion: unknown })[];
  }[];
}

export function useAgents() {
  const { api, staff } = usePortal();
  return useQuery({
    queryKey: ["agents"],
    queryFn: () => api.get<Registry>("agents"),
    enabled: staff,
    refetchInterval: 5_000,
  });
}

/** How well an agent did: `GET /agents/{name}/record`. */
export interface AgentRecord {
  requirements: Record<string, number>;
  decision_types: {
    decision_type: string;
    policy: Policy;
    promotion: { data: { to_level: number } } | null;
    statuses: Record<string, number>;
    since_policy: Figures;
    all_time: Figures;
  }[];
}

export interface Figures {
  cases: number;
  successes: number;
  lower_bound: number;
  brier_score: number | null;
  calibration_error: number | null;
  reliability: Bin[];
  missing: string[];
  drifting: boolean;
}

/** Decisions of similar confidence, and the share of them that turned out well. */
export interface Bin {
  from: number;
  to: number;
  cases: number;
  mean_confidence: number;
  success_share: number;
}
