import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Trouble } from "../parts/notice.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { usePortal } from "../session/context.ts";
import type { Status } from "./status.ts";

/** Process now; pause everything or one aggregate type. */
export function Controls({ paused }: { paused: Status["paused"] }) {
  const { api, staffOnly } = usePortal();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [type, setType] = useState("");
  const [done, setDone] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  async function process() {
    setError(null);
    try {
      const { processed, failed } = await api.post<{ processed: number; failed: number }>(
        "database-manager/process",
        {},
      );
      setDone(`${processed} processed, ${failed} failed`);
      await queries.invalidateQueries({ queryKey: ["status"] });
    } catch (error) {
      setError(error);
    }
  }
  async function pause(reason: string) {
    await api.post("database-manager/pause", { ...(type && { aggregate_type: type }), reason });
    await queries.invalidateQueries({ queryKey: ["status"] });
  }
  const everything = paused.some(({ aggregate_type }) => aggregate_type === "*");
  return (
    <div className="row">
      <span role="status" className="quiet">{done}</span>
      <Button
        closed={staffOnly ?? (everything ? "Everything is paused: resume first." : null)}
        onPress={process}
      >
        Process now
      </Button>
      <Button
        closed={staffOnly ?? (everything ? "Everything is paused already." : null)}
        told={staffOnly !== null}
        onPress={() => {
          setType(""); // not that of the last pause
          setAsking(true);
        }}
      >
        Pause…
      </Button>
      {error !== null && <Trouble error={error} />}
      {asking && (
        <ReasonPopup
          title="Pause processing"
          act="Pause"
          run={pause}
          onClose={() => setAsking(false)}
        >
          <p>Events are still accepted; they wait.</p>
          <label className="field">
            <span>Aggregate type (empty: everything)</span>
            <input
              value={type}
              pattern="[a-z][a-z0-9_]*"
              onChange={(change) => setType(change.target.value)}
            />
          </label>
        </ReasonPopup>
      )}
    </div>
  );
}
