import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import { type Rebuild, Run } from "./run.tsx";
import type { Status } from "./status.ts";

const LAST = "portal.rebuild";

/** Starts a rebuild or a verification, and follows the latest. */
export function Rebuilds({ status }: { status: Status }) {
  const [last, setLast] = useState(() => sessionStorage.getItem(LAST));
  const id = status.rebuild?.id ?? last;
  function follow(rebuild: Rebuild) {
    sessionStorage.setItem(LAST, rebuild.id);
    setLast(rebuild.id);
  }
  return (
    <section className="card" aria-label="Rebuild and verify">
      <h2>Rebuild and verify</h2>
      {status.needs_rebuild.length > 0 && (
        <p className="notice warn">
          The code folds these anew, their tables are of before: {status.needs_rebuild.join(", ")}
        </p>
      )}
      <Start running={status.rebuild !== null} onStarted={follow} />
      {id && <Followed id={id} onStarted={follow} />}
    </section>
  );
}

function Followed({ id, onStarted }: { id: string; onStarted: (rebuild: Rebuild) => void }) {
  const { api } = usePortal();
  const { data, error, refetch } = useQuery({
    queryKey: ["rebuild", id],
    queryFn: () => api.get<Rebuild>(`database-manager/rebuilds/${id}`),
    refetchInterval: ({ state }) => state.data?.finished_at ? false : 500,
  });
  if (error) return <Trouble error={error} retry={refetch} />;
  return data && <Run rebuild={data} onStarted={onStarted} />;
}

function Start({ running, onStarted }: {
  running: boolean;
  onStarted: (rebuild: Rebuild) => void;
}) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const types = useQuery({
    queryKey: ["types"],
    queryFn: () =>
      api.get<{ event_types: { aggregate_type: string; source: string }[] }>("events/types"),
  });
  const known = new Set(
    types.data?.event_types.flatMap(({ aggregate_type, source }) =>
      source === "code" && aggregate_type !== "system" ? [aggregate_type] : []
    ),
  );
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const button = (event.nativeEvent as SubmitEvent).submitter; // a form is submitted by an event of this kind
    const kind = button instanceof HTMLButtonElement ? button.value : "verify";
    const type = `${form.get("type") ?? ""}`;
    const reason = `${form.get("reason") ?? ""}`.trim();
    setError(null);
    try {
      onStarted(
        await api.post<Rebuild>(`database-manager/${kind}`, {
          ...(type && { aggregate_types: [type] }),
          ...(reason && { reason }),
          ...(kind === "rebuild" && { switch_by_hand: form.get("by_hand") === "on" }),
        }),
      );
      await queries.invalidateQueries({ queryKey: ["status"] });
    } catch (error) {
      setError(error);
    }
  }
  return (
    <form className="stack tight" onSubmit={submit}>
      <div className="row">
        <label className="field">
          <span>What</span>
          <select name="type">
            <option value="">all state tables</option>
            {[...known].map((type) => <option key={type} value={type}>{type}</option>)}
          </select>
        </label>
        <label className="field grow">
          <span>Reason</span>
          <input name="reason" maxLength={500} placeholder="may be left out" />
        </label>
      </div>
      <label className="row">
        <input type="checkbox" name="by_hand" defaultChecked />
        A rebuild stops after the comparison, until somebody lets it switch
      </label>
      <div className="row">
        <button type="submit" className="button" value="verify" aria-disabled={running}>
          Verify
        </button>
        <button type="submit" className="button" value="rebuild" aria-disabled={running}>
          Rebuild
        </button>
        {running && <span className="quiet">One is running: one at a time.</span>}
      </div>
      {error !== null && <Trouble error={error} />}
    </form>
  );
}
