import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { CatalogType } from "../compose/catalog.ts";
import { JsonField } from "../compose/json_field.tsx";
import { Trouble } from "../parts/notice.tsx";
import { Popup } from "../parts/popup.tsx";
import { go, linkTo } from "../router.ts";
import { usePortal } from "../session/context.ts";

const posters = ["user", "staff", "agent", "service"] as const;

/** A new type, or the next version of one that was registered. */
export function Register({ previous, onClose }: {
  previous: CatalogType | null;
  onClose: () => void;
}) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [schema, setSchema] = useState<unknown>(previous?.json_schema ?? FIRST);
  const [example, setExample] = useState<unknown>(
    previous?.example ?? { note: "A pump was heard" },
  );
  const [counter, setCounter] = useState<unknown>(previous ? undefined : {});
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const event_type = `${form.get("event_type")}`.trim();
    setError(null);
    try {
      await api.post("events/types", {
        event_type,
        aggregate_type: event_type.split(".")[0],
        description: form.get("description"),
        json_schema: schema,
        example,
        counter_example: counter,
        posted_by: form.getAll("posted_by"),
      });
      await queries.invalidateQueries({ queryKey: ["types"] });
      onClose();
      go(linkTo(["catalog", event_type]));
    } catch (error) {
      setError(error);
    }
  }
  return (
    <Popup
      title={previous ? `Next version of ${previous.event_type}` : "Register a type"}
      onClose={onClose}
    >
      <form className="stack" onSubmit={submit}>
        <label className="field">
          <span>Name</span>
          <input
            name="event_type"
            required
            autoFocus
            readOnly={previous !== null}
            defaultValue={previous?.event_type ?? ""}
            pattern="[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"
            placeholder="product.reviewed"
          />
          <small>aggregate.action; its aggregate type is what stands before the point.</small>
        </label>
        <label className="field">
          <span>Description</span>
          <input
            name="description"
            required
            maxLength={1000}
            defaultValue={previous?.description ?? ""}
          />
        </label>
        <fieldset className="row">
          <legend>Posted by</legend>
          {posters.map((who) => (
            <label key={who} className="row">
              <input
                type="checkbox"
                name="posted_by"
                value={who}
                defaultChecked={previous?.posted_by.includes(who) ?? who === "staff"}
              />
              {who}
            </label>
          ))}
        </fieldset>
        <JsonField label="JSON Schema" required value={schema} onChange={setSchema} />
        <JsonField label="Example it accepts" required value={example} onChange={setExample} />
        <JsonField label="Example it refuses" required value={counter} onChange={setCounter} />
        {error !== null && <Trouble error={error} />}
        <div className="row">
          <button type="submit" className="button primary">Register</button>
          <button type="button" className="button" onClick={onClose}>Leave it</button>
        </div>
      </form>
    </Popup>
  );
}

const FIRST = {
  type: "object",
  properties: { note: { type: "string", maxLength: 500 } },
  required: ["note"],
  additionalProperties: false,
};
