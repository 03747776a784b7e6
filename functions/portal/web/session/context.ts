import { createContext, useContext } from "react";
import type { EventClient } from "../../../../shared/client/mod.ts";
import type { Api } from "./api.ts";
import type { Config } from "./config.ts";
import type { Connection } from "./connection.ts";
import type { People } from "./people.ts";
import type { SessionStore } from "./session.ts";

/** What every screen works with. */
export interface PortalContext {
  config: Config;
  store: SessionStore;
  connection: Connection;
  api: Api;
  events: EventClient;
  people: People;
  user: { id: string; email: string };
  /** Whether the person is staff, as the database says. */
  staff: boolean;
  /** Why a control for staff is closed; null when it is open. */
  staffOnly: string | null;
}

export const PortalContext = createContext<PortalContext | null>(null);

export function usePortal(): PortalContext {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error("Only within the portal");
  return portal;
}
