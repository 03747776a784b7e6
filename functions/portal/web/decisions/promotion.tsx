import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Trouble } from "../parts/notice.tsx";
import { usePortal } from "../session/context.ts";
import { levels, type Policy } from "./decision.ts";
import { PolicyEventTypes } from "./policy_event_types.tsx";

/** A level that was earned, and the signature that gives it, with what it needs of the policy. */
export function Promotion({ agent, policy, level }: {
  agent: string;
  policy: Policy;
  level: number;
}) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [eventTypes, setEventTypes] = useState<string[]>([]);
  const { limits, event_types } = policy;
  const unnamed = level >= 2 && event_types === undefined;
  const unlimited = level >= 3 &&
    (limits.max_per_day === undefined ||
      (limits.max_amount === undefined && limits.max_percent === undefined));
  async function sign(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const terms = {
      ...unnamed && { event_types: eventTypes },
      ...unlimited && {
        limits: {
          ...limits,
          max_percent: Number(form.get("max_percent")),
          max_per_day: Number(form.get("max_per_day")),
        },
      },
    };
    setError(null);
    try {
      await api.post(
        `agents/${agent}/policies/${policy.decision_type}/promotion/sign`,
        terms,
      );
      await queries.invalidateQueries();
    } catch (error) {
      setError(error);
    }
  }
  return (
    <form className="notice stack tight" onSubmit={sign}>
      <p>Its record has earned level {levels[level] ?? level}.</p>
      {unnamed && <PolicyEventTypes chosen={eventTypes} required onChange={setEventTypes} />}
      {unlimited && (
        <div className="row">
          <label className="field">
            <span>At most, in % (required)</span>
            <input name="max_percent" type="number" min={0} step="any" required />
          </label>
          <label className="field">
            <span>At most a day (required)</span>
            <input name="max_per_day" type="number" min={0} required />
          </label>
        </div>
      )}
      {error !== null && <Trouble error={error} />}
      <div className="row">
        <button type="submit" className="button primary">Sign the promotion</button>
      </div>
    </form>
  );
}
