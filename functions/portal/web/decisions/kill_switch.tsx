import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { ReasonPopup } from "../parts/reason_popup.tsx";
import { usePortal } from "../session/context.ts";
import { useAgents } from "./registry.ts";
import { useStop } from "./stops.tsx";

/** Stops one agent, or all of them, at once; and lets them go on. */
export function KillSwitch({ agent }: { agent?: string }) {
  const { api, staffOnly } = usePortal();
  const queries = useQueryClient();
  const { data } = useAgents();
  const [asking, setAsking] = useState(false);
  const { data: stop } = useStop(agent);
  // Whom nobody stopped by name is not let go by name either.
  const stopped = agent === undefined ? data?.all_stopped : stop !== null && stop !== undefined;
  const word = stopped ? "resume" : "stop";
  const whom = agent ?? "all agents";
  const title = stopped ? `Let ${whom} go on` : `Stop ${whom}`;
  async function turn(reason: string) {
    await api.post(agent === undefined ? `agents/${word}` : `agents/${agent}/${word}`, { reason });
    await queries.invalidateQueries({ queryKey: ["agents"] });
  }
  return (
    <div className="row">
      {stopped && <span className="tag bad">{agent === undefined ? "all stopped" : "stopped"}
      </span>}
      <Button
        kind={stopped ? "" : "danger"}
        closed={staffOnly ?? (data ? null : "The agents function does not answer.")}
        onPress={() => setAsking(true)}
      >
        {title}…
      </Button>
      {asking && (
        <ReasonPopup title={title} act={title} run={turn} onClose={() => setAsking(false)}>
          {!stopped && (
            <p>Nothing of {agent ? "it" : "theirs"} is carried out any more, at once.</p>
          )}
        </ReasonPopup>
      )}
    </div>
  );
}
