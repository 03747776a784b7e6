import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { createEventClient } from "../../../../shared/client/mod.ts";
import { Loading, Trouble } from "../parts/notice.tsx";
import { Shell } from "../shell/shell.tsx";
import { createApi } from "./api.ts";
import { type Config, readConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { PortalContext } from "./context.ts";
import { People } from "./people.ts";
import { SessionStore } from "./session.ts";
import { SignInAgain, Welcome } from "./sign_in.tsx";

/** Everything: reads which project this is, then who is there. */
export function Portal() {
  const config = useQuery({ queryKey: ["config"], queryFn: readConfig, staleTime: Infinity });
  if (config.data) return <WithSession config={config.data} />;
  return (
    <main className="welcome">
      {config.error
        ? <Trouble error={config.error} retry={config.refetch} />
        : <Loading what="the portal" />}
    </main>
  );
}

function WithSession({ config }: { config: Config }) {
  const connection = useMemo(() => new Connection(), []);
  const store = useMemo(() => new SessionStore(config, connection.fetch), [config, connection]);
  const { session, lostBy } = useSyncExternalStore(store.listen, store.state);
  const { api, events } = useMemo(() => {
    const { url } = config;
    const { token, lose: onRefused } = store;
    return {
      api: createApi({ url, send: connection.fetch, token, onRefused }),
      events: createEventClient({ url, fetch: connection.fetch, session: token }),
    };
  }, [config, store, connection]);
  const user = useUser(store);
  const staff = useQuery({
    queryKey: ["am_i_staff", user?.id],
    enabled: user !== null && session !== null,
    staleTime: 60_000,
    refetchInterval: ({ state }) => state.status === "error" && 3_000, // until it is back
    queryFn: async () => {
      const { data, error } = await store.supabase.rpc("am_i_staff");
      if (error) throw new Error(error.message);
      return data === true;
    },
  });
  const isStaff = staff.data === true;
  const people = useMemo(
    () => new People(store.supabase, user ?? { id: "", email: "" }, isStaff),
    [store, user, isStaff],
  );
  if (session === undefined) {
    return (
      <main className="welcome">
        <Loading what="the session" />
      </main>
    );
  }
  if (user === null) return <Welcome config={config} store={store} />;
  if (staff.data === undefined) {
    return (
      <main className="welcome">
        {staff.error
          ? <Trouble error={staff.error} retry={staff.refetch} />
          : <Loading what="your rights" />}
        {session === null && lostBy && <SignInAgain store={store} email={user.email} />}
      </main>
    );
  }
  const staffOnly = staff.data ? null : "This is for staff. You are signed in as a customer.";
  return (
    <PortalContext
      value={{ config, store, connection, api, events, people, user, staff: staff.data, staffOnly }}
    >
      <Shell key={user.id} />
      {session === null && lostBy && <SignInAgain store={store} email={user.email} />}
    </PortalContext>
  );
}

/** The person whose page this is: also while their session is lost, until somebody else comes. */
function useUser(store: SessionStore): { id: string; email: string } | null {
  const { session, lostBy } = useSyncExternalStore(store.listen, store.state);
  const last = useRef<{ id: string; email: string } | null>(null);
  if (session && session.user.id !== last.current?.id) {
    last.current = { id: session.user.id, email: session.user.email ?? "" };
  } else if (!session && !lostBy) last.current = null;
  const id = last.current?.id;
  const queries = useQueryClient();
  const shown = useRef(id);
  useEffect(() => {
    // What one person was shown is not kept for the next.
    if (shown.current !== undefined && shown.current !== id) {
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "config" });
    }
    shown.current = id;
  }, [id, queries]);
  return last.current;
}
