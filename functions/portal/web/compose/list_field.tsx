import { Button } from "../parts/button.tsx";
import { Field, type FieldProps } from "./field.tsx";
import { below, useFieldError } from "./field_errors.tsx";
import { kindOf, plain } from "./schema.ts";

/** A list: each item with its own field or fields. */
export function ListField(
  { label, schema, root, at, value, onChange }: FieldProps & { label: string },
) {
  const wrong = useFieldError(at);
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const item = plain(schema.items ?? {}, root);
  const change = (list: readonly unknown[]) => onChange(list.length === 0 ? undefined : list);
  return (
    <fieldset className="stack tight">
      <legend>
        <bdi>{label}</bdi>
      </legend>
      {wrong && (
        <small className="wrong">
          <bdi>{wrong}</bdi>
        </small>
      )}
      {items.map((one, index) => (
        <div key={index} className="row">
          <div className="grow">
            <Field
              name={`${index + 1}`}
              required
              schema={item}
              root={root}
              at={below(at, index)}
              value={one}
              onChange={(changed) => change(items.with(index, changed ?? empty(kindOf(item))))}
            />
          </div>
          <Button
            label={`Take away item ${index + 1} of ${label}`}
            onPress={() => change(items.toSpliced(index, 1))}
          >
            ✕
          </Button>
        </div>
      ))}
      <div>
        <Button label={`Add to ${label}`} onPress={() => change([...items, empty(kindOf(item))])}>
          Add
        </Button>
      </div>
    </fieldset>
  );
}

function empty(kind: string): unknown {
  return kind === "group" ? {} : kind === "list" ? [] : "";
}
