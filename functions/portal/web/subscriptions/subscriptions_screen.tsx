import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { When } from "../parts/when.tsx";
import { linkTo, type Route } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { Detail } from "./detail.tsx";
import { NewSubscription } from "./new_subscription.tsx";
import { scopeOf, type Subscription } from "./subscription.ts";

/** Milliseconds between two looks. */
const LOOK = 3_000;

export default function SubscriptionsScreen({ route }: { route: Route }) {
  const { api, staff, staffOnly } = usePortal();
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["subscriptions"],
    queryFn: () => api.get<{ subscriptions: Subscription[] }>("events/subscriptions"),
    refetchInterval: LOOK,
    enabled: staff,
  });
  const all = data?.subscriptions ?? [];
  const chosen = all.find(({ name }) => name === route.path[1]);
  return (
    <div className="screen">
      <header>
        <h1>Subscriptions</h1>
        <Button closed={staffOnly} kind="primary" onPress={() => setCreating(true)}>
          Subscribe…
        </Button>
      </header>
      {staffOnly && (
        <Nothing title="Not for you">
          <p>{staffOnly}</p>
        </Nothing>
      )}
      {error && <Trouble error={error} retry={refetch} />}
      {!data && !error && staff && <Loading what="subscriptions" />}
      {data && all.length === 0 && (
        <Nothing title="Nobody subscribes yet">
          <p>
            A subscription brings events to a webhook, or keeps a place for a reader that pulls.
          </p>
        </Nothing>
      )}
      {all.length > 0 && <List subscriptions={all} chosen={chosen?.name} />}
      {chosen && <Detail key={chosen.name} subscription={chosen} />}
      {creating && <NewSubscription onClose={() => setCreating(false)} />}
    </div>
  );
}

function List({ subscriptions, chosen }: {
  subscriptions: Subscription[];
  chosen: string | undefined;
}) {
  return (
    <section className="card" aria-label="All subscriptions">
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of subscriptions">
        <table className="wide">
          <thead>
            <tr>
              <th>Name</th>
              <th>What</th>
              <th>How</th>
              <th className="number">Cursor</th>
              <th className="number">Lag</th>
              <th className="number">Parked</th>
              <th className="number">Delivered</th>
              <th>Last</th>
            </tr>
          </thead>
          <tbody>
            {subscriptions.map((one) => (
              <tr key={one.name}>
                <td>
                  <a
                    href={linkTo(["subscriptions", one.name])}
                    aria-current={one.name === chosen ? "true" : undefined}
                  >
                    {one.name}
                  </a>
                </td>
                <td>{scopeOf(one)}</td>
                <td>{one.url === null ? "pulled" : "webhook"}</td>
                <td className="number">{one.cursor}</td>
                <td className="number">{one.lag_events.toLocaleString("en")}</td>
                <td className="number">
                  {one.failed.length > 0 ? <span className="tag bad">{one.failed.length}</span> : 0}
                </td>
                <td className="number">{one.delivered.toLocaleString("en")}</td>
                <td>
                  <When at={one.last_delivered_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
