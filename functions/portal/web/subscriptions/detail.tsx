import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Actor } from "../parts/actor.tsx";
import { Button } from "../parts/button.tsx";
import { counted } from "../parts/counted.ts";
import { useInSight } from "../parts/in_sight.ts";
import { LongText } from "../parts/long_text.tsx";
import { Trouble } from "../parts/notice.tsx";
import { Popup } from "../parts/popup.tsx";
import { shortId } from "../parts/short_id.ts";
import { When } from "../parts/when.tsx";
import { go, linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import type { Subscription } from "./subscription.ts";

/** One subscription: what is parked, and delivering again. */
export function Detail({ subscription }: { subscription: Subscription }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const { name, url, failed } = subscription;
  const detail = useInSight<HTMLElement>(name);
  const [after, setAfter] = useState("");
  const [ending, setEnding] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** Whether it was done. */
  async function act(run: () => Promise<unknown>, said: string): Promise<boolean> {
    setError(null);
    setDone(null);
    try {
      await run();
      setDone(said);
    } catch (error) {
      setError(error);
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: ["subscriptions"] });
    }
    return true;
  }
  async function end() {
    setEnding(false);
    if (await act(() => api.delete(`events/subscriptions/${name}`), "Ended")) {
      go(linkTo(["subscriptions"]));
    }
  }
  const replay = (body: { after?: number }, said: string) =>
    act(() => api.post(`events/subscriptions/${name}/replay`, body), said);
  return (
    <section ref={detail} className="card" aria-label={name}>
      <h2>{name}</h2>
      <dl className="facts">
        <dt>To</dt>
        <dd>{url === null ? "pulled by its reader" : <LongText text={url} />}</dd>
        <dt>By</dt>
        <dd>
          <Actor name={subscription.created_by} />, <When at={subscription.created_at} />
        </dd>
        <dt>Attempts</dt>
        <dd>at most {subscription.max_attempts}</dd>
      </dl>
      {subscription.pause_reason && (
        <p className="notice bad">
          Paused: <LongText text={subscription.pause_reason} />
        </p>
      )}
      {failed.map((one) => (
        <div key={`${one.aggregate_type} ${one.aggregate_id}`} className="notice bad">
          <span>
            Event {one.event_number} of{" "}
            <a href={linkTo(["aggregate", one.aggregate_type, one.aggregate_id])}>
              {one.aggregate_type} {shortId(one.aggregate_id)}
            </a>, {counted(one.attempts, "attempt")}: <LongText text={one.error} shown={200} />
          </span>
          <span className="quiet">
            {one.parked_at
              ? (
                <>
                  parked <When at={one.parked_at} />
                </>
              )
              : (
                <>
                  tried again <When at={one.next_attempt_at} />
                </>
              )}
          </span>
        </div>
      ))}
      <div className="row">
        <Button
          closed={failed.length === 0 ? "Nothing has failed." : null}
          onPress={() => replay({}, "What failed is delivered again")}
        >
          Retry what failed
        </Button>
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            replay({ after: Number(after) }, `Everything after ${after} is delivered again`);
          }}
        >
          <input
            type="number"
            min={0}
            required
            aria-label="Replay after event number"
            placeholder="after event number"
            value={after}
            onChange={({ target }) => setAfter(target.value)}
          />
          <button type="submit" className="button">Replay</button>
        </form>
        <Button kind="danger" onPress={() => setEnding(true)}>End it…</Button>
      </div>
      <p role="status" className="quiet">{done}</p>
      {error !== null && <Trouble error={error} />}
      {ending && (
        <Popup title={`End ${name}`} onClose={() => setEnding(false)}>
          <p>Nothing more is delivered, and its place in the log is forgotten.</p>
          <div className="row">
            <Button kind="danger" onPress={end}>End it</Button>
            <Button onPress={() => setEnding(false)}>Leave it</Button>
          </div>
        </Popup>
      )}
    </section>
  );
}
