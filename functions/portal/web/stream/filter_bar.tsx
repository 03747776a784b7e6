import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Actor } from "../parts/actor.tsx";
import { go, linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";
import { type FilterName, filterNames, type Filters, labels } from "./filters.ts";

/** Filters as a form, and those in force as tags to take away. They live in the address. */
export function FilterBar({ filters }: { filters: Filters }) {
  const [open, setOpen] = useState(false);
  const inForce = filterNames.filter((name) => filters[name] !== undefined);
  return (
    <div className="stack tight">
      <div className="row">
        <button
          type="button"
          className="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          Filters
        </button>
        {inForce.map((name) => (
          <a
            key={name}
            className="tag"
            href={linkTo(["stream"], { ...filters, [name]: undefined })}
            aria-label={`Take away the filter ${labels[name]} ${filters[name]}`}
          >
            {labels[name]}: {name === "created_by"
              ? <Actor name={filters[name] ?? ""} />
              : <bdi>{filters[name]}</bdi>} <span aria-hidden>✕</span>
          </a>
        ))}
        {inForce.length > 1 && <a href={linkTo(["stream"])}>Take all away</a>}
      </div>
      {open && <FilterForm key={JSON.stringify(filters)} filters={filters} />}
    </div>
  );
}

const placeholders: Partial<Record<FilterName, string>> = {
  event_type: "order.placed or order.*",
  created_by: "agent:category, system, user:…",
  correlation_id: "UUID or key",
  since: "2026-10-26T09:30:00Z",
  until: "2026-10-27T00:00:00Z",
  data: `{"sku":"P-1"}`,
};

function FilterForm({ filters }: { filters: Filters }) {
  const { api } = usePortal();
  const catalog = useQuery({
    queryKey: ["types"],
    queryFn: () =>
      api.get<{ event_types: { event_type: string; aggregate_type: string }[] }>("events/types"),
  });
  const types = catalog.data?.event_types ?? [];
  const suggestions: Partial<Record<FilterName, string[]>> = {
    event_type: types.map(({ event_type }) => event_type),
    aggregate_type: [...new Set(types.map(({ aggregate_type }) => aggregate_type))],
  };
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    go(linkTo(
      ["stream"],
      Object.fromEntries(filterNames.map((name) => [name, `${form.get(name) ?? ""}`.trim()])),
    ));
  }
  return (
    <form className="filters" onSubmit={submit}>
      {filterNames.map((name) => (
        <label key={name} className="field">
          <span>{labels[name]}</span>
          {name === "processed" || name === "failed"
            ? (
              <select name={name} defaultValue={filters[name] ?? ""}>
                <option value="">either</option>
                <option value="true">yes</option>
                <option value="false">no</option>
              </select>
            )
            : (
              <input
                name={name}
                list={suggestions[name] && `suggested-${name}`}
                placeholder={placeholders[name]}
                defaultValue={filters[name] ?? ""}
              />
            )}
          {suggestions[name] && (
            <datalist id={`suggested-${name}`}>
              {suggestions[name].map((value) => <option key={value} value={value} />)}
            </datalist>
          )}
        </label>
      ))}
      <button type="submit" className="button primary">Apply</button>
    </form>
  );
}
