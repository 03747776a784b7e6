import { Field } from "./field.tsx";
import { below } from "./field_errors.tsx";
import { plain, type Schema } from "./schema.ts";

export type Data = Readonly<Record<string, unknown>>;

/** A form for an object, made from its JSON Schema. Fields left empty are left out. */
export function SchemaForm({ schema, root, at, value, needed = true, onChange }: {
  schema: Schema;
  /** Where references lead. */
  root: Schema;
  /** Where the object stands in what is sent, as a JSON Pointer. */
  at: string;
  value: Data;
  /** False while the object as a whole may be left out and nothing of it is filled. */
  needed?: boolean;
  onChange: (value: Data) => void;
}) {
  const { properties = {}, required = [] } = plain(schema, root);
  return (
    <div className="stack tight">
      {Object.entries(properties).map(([name, property]) => (
        <Field
          key={name}
          name={name}
          required={needed && required.includes(name)}
          schema={plain(property, root)}
          root={root}
          at={below(at, name)}
          value={value[name]}
          onChange={(changed) => {
            const { [name]: _, ...others } = value;
            onChange(changed === undefined ? others : { ...others, [name]: changed });
          }}
        />
      ))}
    </div>
  );
}
