import type { CatalogType } from "../compose/catalog.ts";
import { Button } from "../parts/button.tsx";
import { counted } from "../parts/counted.ts";
import { useInSight } from "../parts/in_sight.ts";
import { JsonTree } from "../parts/json_tree.tsx";
import { When } from "../parts/when.tsx";
import { linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

/** Everything about one type. */
export function TypeDetail({ type, uses, onRegister }: {
  type: CatalogType;
  uses: number | undefined;
  onRegister: () => void;
}) {
  const { staffOnly } = usePortal();
  const inCode = type.source === "code" ? "It is defined in code: change it there." : null;
  const detail = useInSight<HTMLDivElement>(type.event_type);
  return (
    <div ref={detail} className="stack">
      <section className="card" aria-label={type.event_type}>
        <h2>{type.event_type}</h2>
        <p>
          <bdi>{type.description}</bdi>
        </p>
        <dl className="facts">
          <dt>Aggregate type</dt>
          <dd>{type.aggregate_type}</dd>
          <dt>Posted by</dt>
          <dd>{type.posted_by.join(", ") || "the platform itself"}</dd>
          <dt>Defined</dt>
          <dd>{type.source === "code" ? "in code" : "at run time"}</dd>
          <dt>Schema version</dt>
          <dd>
            {type.schema_version}, since <When at={type.updated_at} />
          </dd>
          {uses !== undefined && (
            <>
              <dt>Used</dt>
              <dd>
                <a href={linkTo(["stream"], { event_type: type.event_type })}>
                  {counted(uses, "time")}
                </a>
              </dd>
            </>
          )}
        </dl>
        <div className="row">
          <Button closed={staffOnly ?? inCode} onPress={onRegister}>Register a version…</Button>
        </div>
      </section>
      <section className="card">
        <h2>Example</h2>
        <JsonTree value={type.example} />
      </section>
      <section className="card">
        <h2>JSON Schema</h2>
        <JsonTree value={type.json_schema} />
      </section>
    </div>
  );
}
