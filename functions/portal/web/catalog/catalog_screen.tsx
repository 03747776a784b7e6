import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type CatalogType, useCatalog } from "../compose/catalog.ts";
import { Button } from "../parts/button.tsx";
import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { SortableTable } from "../parts/sortable_table.tsx";
import { linkTo, type Route } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { Register } from "./register.tsx";
import { TypeDetail } from "./type_detail.tsx";

export default function CatalogScreen({ route }: { route: Route }) {
  const { api, config, staff, staffOnly } = usePortal();
  const { data, error, refetch } = useCatalog();
  const [wanted, setWanted] = useState("");
  const [registering, setRegistering] = useState<CatalogType | "new" | null>(null);
  const statistics = useQuery({
    queryKey: ["stats"],
    queryFn: () => api.get<{ by_type: Record<string, number> }>("events/stats"),
    enabled: staff,
  });
  const usage = statistics.data?.by_type;
  const types = (data?.event_types ?? []).filter(({ event_type, description }) =>
    `${event_type} ${description}`.toLowerCase().includes(wanted.toLowerCase())
  );
  const chosen = data?.event_types.find(({ event_type }) => event_type === route.path[1]);
  return (
    <div className="screen">
      <header>
        <h1>Catalog</h1>
        <div className="row">
          <a
            className="button"
            href={`${config.url}/functions/v1/docs`}
            target="_blank"
            rel="noreferrer"
          >
            API documents ↗
          </a>
          <Button closed={staffOnly} kind="primary" onPress={() => setRegistering("new")}>
            Register a type…
          </Button>
        </div>
      </header>
      {error && <Trouble error={error} retry={refetch} />}
      {!data && !error && <Loading what="the catalog" />}
      {data && (
        <div className="columns">
          <section className="card" aria-label="Event types">
            <input
              type="search"
              aria-label="Filter types"
              placeholder="Filter by name or description"
              value={wanted}
              onChange={({ target }) => setWanted(target.value)}
            />
            {types.length === 0 && <p className="quiet">No type has that in its name.</p>}
            <TypeTable types={types} usage={usage} chosen={chosen?.event_type} />
          </section>
          {chosen
            ? (
              <TypeDetail
                key={chosen.event_type}
                type={chosen}
                uses={usage && (usage[chosen.event_type] ?? 0)}
                onRegister={() => setRegistering(chosen)}
              />
            )
            : (
              <Nothing title="Choose a type">
                <p>Its schema, an example, and who may post it appear here.</p>
              </Nothing>
            )}
        </div>
      )}
      {registering && (
        <Register
          previous={registering === "new" ? null : registering}
          onClose={() => setRegistering(null)}
        />
      )}
    </div>
  );
}

function TypeTable({ types, usage, chosen }: {
  types: CatalogType[];
  usage: Record<string, number> | undefined;
  chosen: string | undefined;
}) {
  return (
    <div className="scroll">
      <SortableTable
        rows={types}
        keyOf={({ event_type }) => event_type}
        columns={[
          {
            name: "Type",
            by: ({ event_type }) => event_type,
            show: ({ event_type, active }) => (
              <>
                <a
                  href={linkTo(["catalog", event_type])}
                  aria-current={event_type === chosen ? "true" : undefined}
                >
                  {event_type}
                </a>
                {!active && <span className="tag warn">no longer used</span>}
              </>
            ),
          },
          {
            name: "Aggregate",
            by: ({ aggregate_type }) => aggregate_type,
            show: ({ aggregate_type }) => aggregate_type,
          },
          {
            name: "Version",
            number: true,
            by: ({ schema_version }) => schema_version,
            show: ({ schema_version }) => schema_version,
          },
          {
            name: "Used",
            number: true,
            by: ({ event_type }) => usage?.[event_type] ?? 0,
            show: ({ event_type }) => usage ? (usage[event_type] ?? 0).toLocaleString("en") : "–",
          },
        ]}
      />
    </div>
  );
}
