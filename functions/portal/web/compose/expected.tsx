import { Changes, type RowChange } from "../parts/changes.tsx";
import { Behind, useObstacle } from "../parts/obstacle.tsx";
import { JsonTree } from "../parts/json_tree.tsx";

/** What `POST /events/dry-run` answers. */
export interface DryRun {
  changes: RowChange[];
  effects: { event_type: string; aggregate_type: string; aggregate_id: string; data: object }[];
  failure: { code: string; detail: string } | null;
}

/** What an event would do. Nothing of it is stored. */
export function Expected({ answer: { changes, effects, failure }, of }: {
  answer: DryRun;
  /** Whose event it is. */
  of: { aggregate_type: string; aggregate_id: string };
}) {
  const obstacle = useObstacle(of);
  const own = failure && !obstacle?.processing_error?.includes(failure.detail);
  return (
    <section className="card" aria-label="What it would change">
      <h3>What it would change</h3>
      {obstacle && <Behind what="It would wait" obstacle={obstacle} />}
      {own && (
        <p className="notice bad">
          It would be parked ({failure.code}): <bdi>{failure.detail}</bdi>
        </p>
      )}
      {!failure && changes.length === 0 && <p className="quiet">No row.</p>}
      <Changes changes={changes} />
      {effects.map((effect, index) => (
        <div key={index} className="stack tight">
          <h3>
            It would be followed by {effect.event_type}{" "}
            <span className="quiet">on {effect.aggregate_type} {effect.aggregate_id}</span>
          </h3>
          <JsonTree value={effect.data} />
        </div>
      ))}
    </section>
  );
}
