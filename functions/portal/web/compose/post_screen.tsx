import { Button } from "../parts/button.tsx";
import { useDraft } from "../parts/draft.ts";
import type { Route } from "../router.ts";
import { Composer } from "./composer.tsx";

/** An event of any type, for a new aggregate or a known one. */
export default function PostScreen({ route }: { route: Route }) {
  const given = route.query.get("aggregate_id");
  const [id, setId, forget] = useDraft(`post.${given}`, () => given ?? crypto.randomUUID());
  const type = route.query.get("aggregate_type");
  return (
    <div className="screen narrow">
      <header>
        <h1>Post an event</h1>
      </header>
      <section className="card">
        <div className="row">
          <label className="field grow">
            <span>Aggregate id</span>
            <input
              className="mono"
              required
              value={id}
              onChange={({ target }) => setId(target.value.trim())}
            />
            <small>A new id begins a new aggregate.</small>
          </label>
          <Button onPress={() => setId(crypto.randomUUID())}>New id</Button>
        </div>
        <Composer
          draft={`post.${given}`}
          aggregateId={id}
          onPosted={() => forget()}
          {...(type && { aggregateType: type })}
        />
      </section>
    </div>
  );
}
