import { useQuery } from "@tanstack/react-query";
import { usePortal } from "../session/context.ts";
import type { Data } from "./schema_form.tsx";
import type { Schema } from "./schema.ts";

/** An event type, as `GET /events/types` gives it. */
export interface CatalogType {
  event_type: string;
  aggregate_type: string;
  description: string;
  json_schema: Schema;
  example: Data;
  schema_version: number;
  posted_by: ("user" | "staff" | "agent" | "service")[];
  active: boolean;
  source: "code" | "registered";
  created_at: string;
  updated_at: string;
}

export function useCatalog() {
  const { api } = usePortal();
  return useQuery({
    queryKey: ["types"],
    queryFn: () => api.get<{ event_types: CatalogType[] }>("events/types"),
    staleTime: 60_000,
  });
}

/** Why the person may not post a type; null when they may. */
export function closedFor({ posted_by, active }: CatalogType, staff: boolean): string | null {
  if (!active) return "no longer used";
  if (posted_by.length === 0) return "posted by the platform itself";
  if (posted_by.includes("user") || (staff && posted_by.includes("staff"))) return null;
  return `for ${posted_by.join(", ")}`;
}
