import { useState } from "react";

/** JSON as text. What does not parse yet stays in the field and is not passed on. */
export function JsonField({ label, required, error, value, onChange }: {
  label: string;
  required: boolean;
  /** What the server found wrong with it. */
  error?: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState(false);
  function changed(typed: string) {
    setText(typed);
    try {
      onChange(typed.trim() === "" ? undefined : JSON.parse(typed));
      setWrong(false);
    } catch {
      setWrong(true);
    }
  }
  return (
    <label className="field">
      <span>
        <bdi>{label}</bdi>
      </span>
      <textarea
        className="mono"
        spellCheck={false}
        required={required}
        aria-invalid={wrong || error !== undefined}
        value={text}
        onChange={({ target }) => changed(target.value)}
      />
      <small className={wrong || error ? "wrong" : ""}>
        {wrong ? "This is not JSON yet." : error ?? "JSON"}
      </small>
    </label>
  );
}
