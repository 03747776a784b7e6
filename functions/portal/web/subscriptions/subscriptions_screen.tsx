import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { type Column, SortableTable } from "../parts/sortable_table.tsx";
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
        <SortableTable
          wide
          rows={subscriptions}
          keyOf={({ name }) => name}
          columns={[
            { name: "Name", by: (one) => one.name, show: (one) => nameOf(one, chosen) },
            { name: "What", by: scopeOf, show: scopeOf },
            { name: "How", by: howOf, show: howOf },
            { name: "Cursor", number: true, by: (one) => one.cursor, show: (one) => one.cursor },
            count("Lag", (one) => one.lag_events),
            count("Undelivered", (one) => one.undelivered),
            {
              name: "Parked",
              number: true,
              by: (one) => one.failed.length,
              show: ({ failed }) =>
                failed.length > 0 ? <span className="tag bad">{failed.length}</span> : 0,
            },
            count("Delivered", (one) => one.delivered),
            {
              name: "Last",
              by: (one) => one.last_delivered_at ?? "",
              show: (one) => <When at={one.last_delivered_at} />,
            },
          ]}
        />
      </div>
    </section>
  );
}

function nameOf({ name, paused_at, pause_reason }: Subscription, chosen: string | undefined) {
  return (
    <>
      <a
        href={linkTo(["subscriptions", name])}
        aria-current={name === chosen ? "true" : undefined}
      >
        {name}
      </a>{" "}
      {paused_at !== null && (
        <span className="tag bad" title={pause_reason ?? undefined}>paused</span>
      )}
    </>
  );
}

function howOf({ url }: Subscription): string {
  return url === null ? "pulled" : "webhook";
}

function count(name: string, by: (one: Subscription) => number): Column<Subscription> {
  return { name, number: true, by, show: (one) => by(one).toLocaleString("en") };
}
