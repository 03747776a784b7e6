import { useState } from "react";
import { JsonField } from "./json_field.tsx";
import { kindOf, objectOf, type Schema } from "./schema.ts";
import { type Data, SchemaForm } from "./schema_form.tsx";

/** The data of an event: a form of its type's schema, or JSON. */
export function DataFields({ schema, at, value, onChange }: {
  /** Without one it is JSON. */
  schema: Schema | undefined;
  /** Where the data stand in what is sent, as a JSON Pointer. */
  at: string;
  value: Data;
  onChange: (value: Data) => void;
}) {
  const form = schema !== undefined && kindOf(schema) === "group";
  const [asJson, setAsJson] = useState(!form);
  return (
    <>
      <label className="row">
        <input
          type="checkbox"
          checked={asJson}
          onChange={({ target }) => setAsJson(target.checked)}
        />
        Write the data as JSON
      </label>
      {asJson || !schema
        ? (
          <JsonField
            label="Data"
            required
            value={value}
            onChange={(value) => onChange(objectOf(value))}
          />
        )
        : <SchemaForm schema={schema} root={schema} at={at} value={value} onChange={onChange} />}
    </>
  );
}
