/** What `GET /events/subscriptions` lists. */
export interface Subscription {
  name: string;
  url: string | null;
  event_types: string[] | null;
  aggregate_type: string | null;
  aggregate_id: string | null;
  cursor: number;
  lag_events: number;
  undelivered: number;
  paused_at: string | null;
  pause_reason: string | null;
  max_attempts: number;
  created_by: string;
  created_at: string;
  delivered: number;
  last_delivered_at: string | null;
  failed: FailedDelivery[];
}

export interface FailedDelivery {
  aggregate_type: string;
  aggregate_id: string;
  event_number: number;
  attempts: number;
  error: string;
  next_attempt_at: string | null;
  parked_at: string | null;
}

/** What it delivers, in words. */
export function scopeOf({ event_types, aggregate_type, aggregate_id }: Subscription): string {
  const parts = [event_types?.join(", "), aggregate_type, aggregate_id].filter(Boolean);
  return parts.length > 0 ? parts.join(" · ") : "everything";
}
