import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import { levels, type Policy } from "./decision.ts";
import { PolicyEventTypes } from "./policy_event_types.tsx";

/** The first level at which silence is consent: from here on the policy names event types. */
const FROM_HERE_NAMED = 2;

const HOUR = 3600;

/** The first level at which nobody is asked. */
const FROM_HERE_ALONE = 3;

/** What an agent may do in one type of decision; a new policy begins a new record. */
export function PolicyForm({ agent, policy }: { agent?: string; policy?: Policy }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [level, setLevel] = useState(policy?.level ?? 1);
  const [sizes, setSizes] = useState({
    max_amount: `${policy?.limits.max_amount ?? ""}`,
    max_percent: `${policy?.limits.max_percent ?? ""}`,
  });
  const [eventTypes, setEventTypes] = useState(policy?.event_types ?? []);
  const alone = level >= FROM_HERE_ALONE;
  const size = (name: keyof typeof sizes, other: keyof typeof sizes) => ({
    name,
    value: sizes[name],
    required: alone && sizes[other] === "",
    onChange: (value: string) => setSizes({ ...sizes, [name]: value }),
  });
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => `${form.get(name) ?? ""}`.trim();
    const limits = Object.fromEntries(
      ["max_amount", "max_percent", "max_per_day"]
        .flatMap((name) => text(name) === "" ? [] : [[name, Number(text(name))]]),
    );
    setError(null);
    setDone(false);
    try {
      await api.put(
        `agents/${agent ?? text("agent")}/policies/${
          policy?.decision_type ?? text("decision_type")
        }`,
        {
          level: Number(text("level")),
          ...(eventTypes.length > 0 && { event_types: eventTypes }),
          limits,
          approvals: Number(text("approvals")),
          time_to_live_seconds: Math.round(Number(text("hours_to_answer")) * HOUR),
          veto_seconds: Math.round(Number(text("hours_to_object")) * HOUR),
          review_share: Number(text("reviewed_percent")) / 100,
          reason: text("reason"),
          // Whoever changed it meanwhile is not overruled unseen.
          expected_version: policy?.version ?? 0,
        },
      );
      setDone(true);
      await queries.invalidateQueries();
    } catch (error) {
      setError(error);
    }
  }
  return (
    <details className="card">
      <summary>{policy ? "Change what it may do" : "Let an agent do something new"}</summary>
      <form className="stack tight" onSubmit={submit}>
        {!policy && (
          <>
            <label className="field">
              <span>Agent</span>
              <input name="agent" required pattern="[a-z][a-z0-9_]*" />
            </label>
            <label className="field">
              <span>Type of decision</span>
              <input name="decision_type" required pattern="[a-z][a-z0-9_]*" />
            </label>
          </>
        )}
        <label className="field">
          <span>Level</span>
          <select
            name="level"
            value={level}
            onChange={({ target }) => setLevel(Number(target.value))}
          >
            {levels.map((level, index) => <option key={level} value={index}>{level}</option>)}
          </select>
        </label>
        <PolicyEventTypes
          chosen={eventTypes}
          required={level >= FROM_HERE_NAMED}
          onChange={setEventTypes}
        />
        <div className="row">
          <Limit title="At most, in amount" {...size("max_amount", "max_percent")} />
          <Limit title="At most, in %" {...size("max_percent", "max_amount")} />
          <Limit
            title="At most a day"
            name="max_per_day"
            defaultValue={policy?.limits.max_per_day}
            required={alone}
          />
          <Limit
            title="Approvals"
            name="approvals"
            defaultValue={policy?.approvals ?? 1}
            required
          />
        </div>
        <div className="row">
          <Limit
            title="Hours to answer"
            name="hours_to_answer"
            defaultValue={(policy?.time_to_live_seconds ?? 7 * 24 * HOUR) / HOUR}
            required
          />
          <Limit
            title="Hours to object"
            name="hours_to_object"
            defaultValue={(policy?.veto_seconds ?? 24 * HOUR) / HOUR}
            required
          />
          <Limit
            title="Reviewed afterwards, in %"
            name="reviewed_percent"
            defaultValue={(policy?.review_share ?? 0.1) * 100}
            required
          />
        </div>
        {alone && (
          <p className="quiet">
            What an agent does alone needs limits: how many a day, and an amount or a percentage.
          </p>
        )}
        <label className="field">
          <span>Reason (required)</span>
          <input name="reason" required maxLength={500} />
        </label>
        {error !== null && <Trouble error={error} />}
        <div className="row">
          <button type="submit" className="button primary">Set it</button>
          <span role="status" className="good">{done && "Set."}</span>
        </div>
      </form>
    </details>
  );
}

function Limit({ name, title, required, value, defaultValue, onChange }: {
  name: string;
  title: string;
  required: boolean;
  value?: string;
  defaultValue?: number | undefined;
  onChange?: (value: string) => void;
}) {
  return (
    <label className="field">
      <span>{title}{required && " (required)"}</span>
      <input
        name={name}
        type="number"
        min={0}
        step="any"
        required={required}
        {...onChange
          ? { value, onChange: ({ target }) => onChange(target.value) }
          : { defaultValue: defaultValue ?? "" }}
      />
    </label>
  );
}
