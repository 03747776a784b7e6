import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Diff } from "../parts/diff.tsx";
import { counted } from "../parts/counted.ts";
import { LongText } from "../parts/long_text.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { duration, When } from "../parts/when.tsx";
import { usePortal } from "../session/context.ts";

/** What `GET /database-manager/rebuilds/{id}` answers. */
export interface Rebuild {
  id: string;
  kind: "rebuild" | "verify" | "rollback";
  status: "scanning" | "compared" | "switching" | "completed" | "failed" | "cancelled";
  aggregate_types: string[];
  events_done: number;
  events_total: number;
  percent: number;
  events_per_second: number;
  seconds_left: number | null;
  differing_rows: number;
  differences: {
    table_name: string;
    row_id: string;
    operation: string;
    before: Record<string, unknown> | null;
    after: Record<string, unknown> | null;
  }[];
  findings: { kind: string; detail: string }[];
  started_at: string;
  finished_at: string | null;
  error: string | null;
}

const kinds: Partial<Record<Rebuild["status"], string>> = {
  completed: "good",
  failed: "bad",
  compared: "warn",
};

/** How far one is, what it found, and what to do with it. */
export function Run({ rebuild, onStarted }: {
  rebuild: Rebuild;
  onStarted: (rebuild: Rebuild) => void;
}) {
  const { kind, status, percent, differing_rows, findings } = rebuild;
  return (
    <section className="stack tight" aria-label="The latest">
      <h3 className="row">
        {kind} <span role="status" className={`tag ${kinds[status] ?? ""}`}>{status}</span>
        <span className="quiet">
          <When at={rebuild.started_at} />
        </span>
      </h3>
      <progress max={100} value={percent} aria-label="Progress" />
      <p className="quiet">
        {rebuild.events_done.toLocaleString("en")} of {counted(rebuild.events_total, "event")},{" "}
        {Math.round(rebuild.events_per_second).toLocaleString("en")}/s
        {!rebuild.finished_at && rebuild.seconds_left !== null &&
          `, ${duration(rebuild.seconds_left)} left`}
      </p>
      {rebuild.error && (
        <p className="bad">
          <LongText text={rebuild.error} />
        </p>
      )}
      {status !== "scanning" && (
        <p>
          {differing_rows === 0
            ? "The tables are what the log says."
            : `${counted(differing_rows, "row")} ${
              differing_rows === 1 ? "differs" : "differ"
            } from what the log says.`}
        </p>
      )}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ kind, detail }, index) => (
            <li key={index}>
              <span className="tag bad">{kind}</span> <LongText text={detail} />
            </li>
          ))}
        </ul>
      )}
      {rebuild.differences.map(({ table_name, row_id, operation, before, after }) => (
        <details key={`${table_name} ${row_id}`}>
          <summary>
            {operation} {table_name} <code>{row_id}</code>
          </summary>
          <Diff before={before ?? {}} after={after ?? {}} />
        </details>
      ))}
      <Acts rebuild={rebuild} onStarted={onStarted} />
    </section>
  );
}

function Acts({ rebuild: { id, kind, status, finished_at, differing_rows }, onStarted }: {
  rebuild: Rebuild;
  onStarted: (rebuild: Rebuild) => void;
}) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  async function send(name: "switch" | "cancel" | "rollback", body: { reason?: string }) {
    const answer = await api.post<Rebuild>(`database-manager/rebuilds/${id}/${name}`, body);
    await queries.invalidateQueries({ queryKey: ["rebuild"] });
    await queries.invalidateQueries({ queryKey: ["status"] });
    return answer;
  }
  function act(name: "switch" | "cancel") {
    setError(null);
    send(name, {}).catch(setError);
  }
  const rollsBack = kind === "rebuild" && status === "completed" && differing_rows > 0;
  return (
    <div className="row">
      {status === "compared" && !finished_at && (
        <Button
          kind="primary"
          onPress={() => act("switch")}
        >
          Switch to it
        </Button>
      )}
      {!finished_at && <Button onPress={() => act("cancel")}>Cancel</Button>}
      {rollsBack && <Button kind="danger" onPress={() => setAsking(true)}>Roll it back…</Button>}
      {error !== null && <Trouble error={error} />}
      {asking && (
        <ReasonPopup
          title="Roll the rebuild back"
          act="Roll it back"
          optional
          run={async (reason) => onStarted(await send("rollback", reason ? { reason } : {}))}
          onClose={() => setAsking(false)}
        >
          <p>
            The rows from before it come back. Aggregates that events have changed since keep
            theirs.
          </p>
        </ReasonPopup>
      )}
    </div>
  );
}
