import { useCatalog } from "../compose/catalog.ts";

/** Which event types the decisions of a policy may consist of; none named: any. */
export function PolicyEventTypes({ chosen, required, onChange }: {
  chosen: readonly string[];
  required: boolean;
  onChange: (chosen: string[]) => void;
}) {
  const { data } = useCatalog();
  const open =
    data?.event_types.filter(({ active, posted_by }) => active && posted_by.includes("staff")) ??
      [];
  const names = [...new Set([...chosen, ...open.map(({ event_type }) => event_type)])].sort();
  return (
    <fieldset className="stack tight">
      <legend>Event types it may consist of{required && " (required)"}</legend>
      <p className="quiet">
        {required
          ? "What nobody looks at must be named, what would undo it as well."
          : "None chosen: people see whatever it proposes, so it may propose any."}
      </p>
      <div className="choices" tabIndex={0} role="group" aria-label="Event types">
        {names.map((name) => (
          <label key={name} className="row">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...chosen, name] : chosen.filter((other) => other !== name),
                )}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
