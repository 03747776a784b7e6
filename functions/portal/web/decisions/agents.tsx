import { Loading, Nothing, Trouble } from "../parts/notice.tsx";
import { counted } from "../parts/counted.ts";
import { linkTo } from "../router.ts";
import { useAgents } from "./registry.ts";
import { KillSwitch } from "./kill_switch.tsx";
import { PolicyForm } from "./policy_form.tsx";
import { Record } from "./record.tsx";
import { Stops } from "./stops.tsx";

/** The agents, and of the chosen one the record and what it may do. */
export function Agents({ name }: { name: string | undefined }) {
  const { data, error, refetch } = useAgents();
  if (error && !data) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Loading what="the agents" />;
  const chosen = data.agents.find(({ agent }) => agent === name) ?? data.agents[0];
  return (
    <div className="inbox">
      <div className="stack">
        {data.agents.length === 0 && (
          <Nothing title="No agent may do anything yet">
            <p>An agent has a key of its own; what it may do is set here.</p>
          </Nothing>
        )}
        <ul className="stack tight" aria-label="Agents">
          {data.agents.map(({ agent, stopped, open_decisions }) => (
            <li key={agent}>
              <a
                className="inbox-item"
                href={linkTo(["decisions", "agents", agent])}
                aria-current={agent === chosen?.agent ? "true" : undefined}
              >
                <span className="row spread">
                  <strong>{agent}</strong>
                  {stopped && <span className="tag bad">stopped</span>}
                </span>
                <span className="quiet">{open_decisions} open</span>
              </a>
            </li>
          ))}
        </ul>
        <PolicyForm />
      </div>
      {chosen && (
        <section className="card" aria-label={`Agent ${chosen.agent}`}>
          <div className="row spread">
            <h2>{chosen.agent}</h2>
            <KillSwitch key={chosen.agent} agent={chosen.agent} />
          </div>
          {chosen.stopped && (
            <p className="notice bad">
              <Stops agent={chosen.agent} />
              <span>Its proposals can still be rejected, and what it did taken back.</span>
            </p>
          )}
          {chosen.open_decisions > 0 && (
            <a href={linkTo(["decisions", "inbox"], { agent: chosen.agent })}>
              {counted(chosen.open_decisions, "proposal")} of it{" "}
              {chosen.open_decisions === 1 ? "waits" : "wait"}
            </a>
          )}
          <Record key={chosen.agent} agent={chosen.agent} />
        </section>
      )}
    </div>
  );
}
