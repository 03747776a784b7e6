import { JsonField } from "./json_field.tsx";
import { ListField } from "./list_field.tsx";
import { kindOf, type Schema } from "./schema.ts";
import { type Data, SchemaForm } from "./schema_form.tsx";

export interface FieldProps {
  name: string;
  required: boolean;
  schema: Schema;
  root: Schema;
  value: unknown;
  /** `undefined` leaves the field out. */
  onChange: (value: unknown) => void;
}

/** One field, as its schema wants it. */
export function Field(props: FieldProps) {
  const { name, required, schema, root, value, onChange } = props;
  const label = `${name.replaceAll("_", " ")}${required ? "" : " (optional)"}`;
  switch (kindOf(schema)) {
    case "list":
      return <ListField {...props} label={label} />;
    case "group":
      return (
        <fieldset>
          <legend>{label}</legend>
          <SchemaForm
            schema={schema}
            root={root}
            value={objectOf(value)}
            needed={required || Object.keys(objectOf(value)).length > 0}
            onChange={(changed) => {
              const empty = !required && Object.keys(changed).length === 0;
              onChange(empty ? undefined : changed);
            }}
          />
        </fieldset>
      );
    case "json":
      return <JsonField label={label} required={required} value={value} onChange={onChange} />;
    default:
      return (
        <label className="field">
          <span>{label}</span>
          <Input {...props} />
          {schema.description && <small>{schema.description}</small>}
        </label>
      );
  }
}

function Input({ schema, required, value, onChange }: FieldProps) {
  const text = value === undefined || value === null ? "" : String(value);
  switch (kindOf(schema)) {
    case "choice":
    case "flag": {
      const choices = kindOf(schema) === "flag"
        ? ["true", "false"]
        : schema.enum?.map(String) ?? [];
      return (
        <select
          required={required}
          value={text}
          onChange={({ target }) => onChange(chosen(target.value, kindOf(schema) === "flag"))}
        >
          <option value="">{required ? "Choose…" : "leave out"}</option>
          {choices.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
        </select>
      );
    }
    case "number":
      return (
        <input
          type="number"
          step="any"
          required={required}
          min={schema.minimum}
          max={schema.maximum}
          value={text}
          onChange={({ target }) =>
            onChange(target.value === "" ? undefined : Number(target.value))}
        />
      );
    default:
      return (
        <input
          type={schema.format === "date" ? "date" : "text"}
          dir="auto"
          required={required}
          maxLength={schema.maxLength}
          value={text}
          onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
        />
      );
  }
}

function chosen(value: string, flag: boolean): unknown {
  if (value === "") return undefined;
  return flag ? value === "true" : value;
}

function objectOf(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
