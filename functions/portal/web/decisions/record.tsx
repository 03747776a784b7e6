import { useQuery } from "@tanstack/react-query";
import { Loading, Trouble } from "../parts/notice.tsx";
import { When } from "../parts/when.tsx";
import { usePortal } from "../session/context.ts";
import { levels, limitsOf, timesOf } from "./decision.ts";
import { PolicyForm } from "./policy_form.tsx";
import { Promotion } from "./promotion.tsx";
import type { AgentRecord, Figures } from "./registry.ts";
import { Reliability } from "./reliability.tsx";

/** What an agent has earned in each type of decision, and what it may do there. */
export function Record({ agent }: { agent: string }) {
  const { api } = usePortal();
  const { data, error, refetch } = useQuery({
    queryKey: ["record", agent],
    queryFn: () => api.get<AgentRecord>(`agents/${agent}/record`),
    refetchInterval: 10_000,
  });
  if (error && !data) return <Trouble error={error} retry={refetch} />;
  if (!data) return <Loading what="the record" />;
  return data.decision_types.map((entry) => (
    <section key={entry.decision_type} className="stack" aria-label={entry.decision_type}>
      <h3>{entry.decision_type.replaceAll("_", " ")}</h3>
      <dl className="facts">
        <dt>Autonomy</dt>
        <dd>Level {levels[entry.policy.level] ?? entry.policy.level}, {limitsOf(entry.policy)}</dd>
        <dt>May consist of</dt>
        <dd>{entry.policy.event_types?.join(", ") ?? "any events that staff may post"}</dd>
        <dt>Time</dt>
        <dd>{timesOf(entry.policy)}</dd>
        <dt>Since</dt>
        <dd>
          <When at={entry.policy.since} />
        </dd>
        <dt>Decisions</dt>
        <dd>
          {Object.entries(entry.statuses).map(([status, count]) =>
            `${count} ${status}`
          ).join(", ") ||
            "none"}
        </dd>
      </dl>
      {entry.promotion && (
        <Promotion
          agent={agent}
          policy={entry.policy}
          level={entry.promotion.data.to_level}
        />
      )}
      <Earned figures={entry.since_policy} requirements={data.requirements} />
      <Reliability bins={entry.all_time.reliability} />
      {/* Another policy, another form: what stands in it is what holds. */}
      <PolicyForm key={entry.policy.version} agent={agent} policy={entry.policy} />
    </section>
  ));
}

const names: globalThis.Record<string, string> = {
  cases: "Cases",
  lower_bound: "Success, lower bound",
  brier_score: "Brier score",
  calibration_error: "Calibration error",
};

/** What counts for a promotion, against what is wanted. */
function Earned({ figures, requirements }: {
  figures: Figures;
  requirements: AgentRecord["requirements"];
}) {
  const values: globalThis.Record<string, number | null> = {
    ...figures,
    reliability: null,
    missing: null,
    drifting: null,
  };
  return (
    <table aria-label="Since the policy was set">
      <thead>
        <tr>
          <th>Since the policy was set</th>
          <th className="number">Is</th>
          <th className="number">Wanted</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(requirements).map(([name, wanted]) => (
          <tr key={name}>
            <td>{names[name] ?? name}</td>
            <td className={`number ${figures.missing.includes(name) ? "bad" : "good"}`}>
              {values[name]?.toLocaleString("en", { maximumFractionDigits: 3 }) ?? "–"}
            </td>
            <td className="number">{wanted}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
