import { useFieldError } from "./field_errors.tsx";
import { JsonField } from "./json_field.tsx";
import { ListField } from "./list_field.tsx";
import { kindOf, objectOf, type Schema } from "./schema.ts";
import { SchemaForm } from "./schema_form.tsx";

export interface FieldProps {
  name: string;
  required: boolean;
  schema: Schema;
  root: Schema;
  /** Where it stands in what is sent, as a JSON Pointer. */
  at: string;
  value: unknown;
  /** `undefined` leaves the field out. */
  onChange: (value: unknown) => void;
}

/** One field, as its schema wants it. */
export function Field(props: FieldProps) {
  const { name, required, schema, root, at, value, onChange } = props;
  const wrong = useFieldError(at);
  const label = `${name.replaceAll("_", " ")}${required ? "" : " (optional)"}`;
  switch (kindOf(schema)) {
    case "list":
      return <ListField {...props} label={label} />;
    case "group":
      return (
        <fieldset>
          <legend>
            <bdi>{label}</bdi>
          </legend>
          {wrong && (
            <small className="wrong">
              <bdi>{wrong}</bdi>
            </small>
          )}
          <SchemaForm
            schema={schema}
            root={root}
            at={at}
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
      return (
        <JsonField
          label={label}
          required={required}
          error={wrong}
          value={value}
          onChange={onChange}
        />
      );
    default:
      return (
        <label className="field">
          <span>
            <bdi>{label}</bdi>
          </span>
          <Input {...props} invalid={wrong !== undefined} />
          {wrong && (
            <small className="wrong">
              <bdi>{wrong}</bdi>
            </small>
          )}
          {schema.description && (
            <small>
              <bdi>{schema.description}</bdi>
            </small>
          )}
        </label>
      );
  }
}

function Input({ schema, required, value, invalid, onChange }: FieldProps & {
  invalid: boolean;
}) {
  const text = value === undefined || value === null ? "" : String(value);
  switch (kindOf(schema)) {
    case "choice":
    case "flag": {
      const choices = kindOf(schema) === "flag"
        ? ["true", "false"]
        : schema.enum?.map(String) ?? [];
      return (
        <select
          aria-invalid={invalid}
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
          aria-invalid={invalid}
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
          aria-invalid={invalid}
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
