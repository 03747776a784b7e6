import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { usePortal } from "../session/context.ts";
import { addSample } from "./samples.ts";

/** What `GET /database-manager/status` answers. */
export interface Status {
  head: number | null;
  total: number;
  unprocessed: number;
  waiting: number;
  blocked: number;
  lag_events: number;
  lag_seconds: number;
  oldest_unprocessed: number | null;
  percent_processed: number;
  rate: { last_minute: number; last_hour: number };
  workers: number;
  partitions: Partition[];
  webhook: {
    worker_is_up: boolean;
    configured: boolean;
    last_seen_at: string | null;
    last_sweep_at: string | null;
    sweep_catches: number;
  };
  paused: { aggregate_type: string; reason: string; paused_by: string; paused_at: string }[];
  failed: number;
  failed_events: FailedEvent[];
  audit: {
    checked_at: string | null;
    rounds: number;
    open_findings: number;
    findings: { kind: string; event_number: number | null; detail: string; found_at: string }[];
  };
  needs_rebuild: string[];
  rebuild: { id: string; kind: string; status: string } | null;
}

export interface Partition {
  partition: number;
  holder: string | null;
  leased_until: string | null;
  has_due_work: boolean;
}

export interface FailedEvent {
  event_id: string;
  event_number: number;
  event_type: string;
  aggregate_type: string;
  aggregate_id: string;
  error_code: string;
  error: string;
  attempts: number;
  next_attempt_at: string | null;
  parked_at: string | null;
  waiting_behind: number;
}

/** Milliseconds between two looks. */
const LOOK = 2_000;

/** The status, kept fresh; each look is a point of the charts. */
export function useStatus() {
  const { api, staff } = usePortal();
  const query = useQuery({
    queryKey: ["status"],
    queryFn: () => api.get<Status>("database-manager/status"),
    refetchInterval: LOOK,
    enabled: staff,
  });
  const { data, dataUpdatedAt } = query;
  useEffect(() => {
    if (data) addSample(dataUpdatedAt, data);
  }, [data, dataUpdatedAt]);
  return query;
}
