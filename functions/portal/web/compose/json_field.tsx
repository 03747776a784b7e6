import { useState } from "react";

/** JSON as text. What does not parse yet stays in the field and is not passed on. */
export function JsonField({ label, required, first = false, value, onChange }: {
  label: string;
  required: boolean;
  /** Whether one begins in it. It is large then. */
  first?: boolean;
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
      <span>{label}</span>
      <textarea
        className="mono"
        spellCheck={false}
        required={required}
        autoFocus={first}
        rows={first ? 18 : undefined}
        aria-invalid={wrong}
        value={text}
        onChange={({ target }) => changed(target.value)}
      />
      <small className={wrong ? "wrong" : ""}>{wrong ? "This is not JSON yet." : "JSON"}</small>
    </label>
  );
}
