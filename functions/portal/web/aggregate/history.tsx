import { useState } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { ProcessingTag } from "../parts/processing_tag.tsx";
import { When } from "../parts/when.tsx";

/** Rows shown at first, the newest. */
const ROWS = 50;

/** The versions, the newest first; each leads to its moment. */
export function History({ history, version, onMove }: {
  history: readonly StoredEvent[];
  version: number;
  onMove: (version: number) => void;
}) {
  const [most, setMost] = useState(ROWS);
  const shown = history.slice(-most).toReversed();
  return (
    <section className="card" aria-label="History">
      <h2>History</h2>
      <ol className="history">
        {shown.map((event) => (
          <li key={event.id}>
            <button
              type="button"
              aria-current={event.aggregate_version === version ? "step" : undefined}
              onClick={() => onMove(event.aggregate_version)}
            >
              <span className="quiet">{event.aggregate_version}</span>
              <span>{event.event_type}</span>
              <ProcessingTag event={event} />
              <span className="quiet">
                <When at={event.created_at} />
              </span>
            </button>
          </li>
        ))}
      </ol>
      {history.length > most && (
        <button
          type="button"
          className="button"
          onClick={() => setMost(most * 4)}
        >
          Show older ones
        </button>
      )}
    </section>
  );
}
