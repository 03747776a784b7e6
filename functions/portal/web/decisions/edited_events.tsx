import { useState } from "react";
import type { CatalogType } from "../compose/catalog.ts";
import { DataFields } from "../compose/data_fields.tsx";
import { below, useFieldError } from "../compose/field_errors.tsx";
import { Button } from "../parts/button.tsx";
import { shortId } from "../parts/short_id.ts";
import type { ProposedEvent, StandingDecision } from "./decision.ts";

type Targets = StandingDecision["standing"]["targets"];

/** Events as forms: their data can be changed, events taken away and others added, for the same targets. */
export function EditedEvents({ title, at, least, types, targets, events, onChange }: {
  title: string;
  /** Where they stand in what is sent, as a JSON Pointer. */
  at: string;
  /** How many there must be. */
  least: number;
  types: readonly CatalogType[];
  targets: Targets;
  events: readonly ProposedEvent[];
  onChange: (events: ProposedEvent[]) => void;
}) {
  return (
    <section className="stack" aria-label={title}>
      <h3>{title}</h3>
      <Wrong at={at} />
      {events.map((event, index) => (
        <fieldset key={`${index} of ${events.length}`} className="stack tight">
          <legend>
            {event.event_type} <span className="quiet">{nameOf(event)}</span>
          </legend>
          <Wrong at={below(at, index)} />
          <DataFields
            schema={types.find(({ event_type }) =>
              event_type === event.event_type
            )?.json_schema}
            at={below(below(at, index), "data")}
            value={event.data}
            onChange={(data) => onChange(events.with(index, { ...event, data }))}
          />
          {events.length > least && (
            <div>
              <Button
                label={`Take away ${event.event_type}`}
                onPress={() => onChange(events.toSpliced(index, 1))}
              >
                Take away
              </Button>
            </div>
          )}
        </fieldset>
      ))}
      <AddEvent
        title={title}
        types={types}
        targets={targets}
        onAdd={(event) => onChange([...events, event])}
      />
    </section>
  );
}

/** What is wrong with the events together, or with one as a whole. */
function Wrong({ at }: { at: string }) {
  const wrong = useFieldError(at);
  return wrong && (
    <p className="bad">
      <bdi>{wrong}</bdi>
    </p>
  );
}

function AddEvent({ title, types, targets, onAdd }: {
  title: string;
  types: readonly CatalogType[];
  targets: Targets;
  onAdd: (event: ProposedEvent) => void;
}) {
  const [place, setPlace] = useState(0);
  const target = targets[place];
  if (!target) return null;
  const { aggregate_type, aggregate_id } = target;
  const possible = types.filter((type) => type.active && type.aggregate_type === aggregate_type);
  return (
    <div className="row">
      {targets.length > 1 && (
        <select
          aria-label={`Add an event of: ${title}`}
          value={place}
          onChange={({ target }) => setPlace(Number(target.value))}
        >
          {targets.map((one, index) => <option key={index} value={index}>{nameOf(one)}</option>)}
        </select>
      )}
      <select
        aria-label={`Add an event: ${title}`}
        value=""
        onChange={({ target: { value: event_type } }) =>
          onAdd({ event_type, aggregate_type, aggregate_id, data: {} })}
      >
        <option value="" disabled>Add an event…</option>
        {possible.map(({ event_type }) => (
          <option key={event_type} value={event_type}>{event_type}</option>
        ))}
      </select>
    </div>
  );
}

function nameOf(of: { aggregate_type: string; aggregate_id: string }): string {
  return `${of.aggregate_type} ${shortId(of.aggregate_id)}`;
}
