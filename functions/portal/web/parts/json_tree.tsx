import { useState } from "react";
import { LongText } from "./long_text.tsx";

/** Levels that begin unfolded, and members a level shows at first. */
const UNFOLDED = 2;
const MEMBERS = 100;

/** JSON as a tree that unfolds level by level: what is folded does not exist yet. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className="tree" dir="ltr">
      <Node value={value} level={0} />
    </div>
  );
}

function Node({ value, level }: { value: unknown; level: number }) {
  if (typeof value === "string") {
    return (
      <span className="string">
        "<LongText text={value} />"
      </span>
    );
  }
  if (typeof value === "number") return <span className="number">{value}</span>;
  if (typeof value !== "object" || value === null) {
    return <span className="word">{`${value}`}</span>;
  }
  return <Branch value={value} level={level} />;
}

function Branch({ value, level }: { value: object; level: number }) {
  const [open, setOpen] = useState(level < UNFOLDED);
  const [most, setMost] = useState(MEMBERS);
  const array = Array.isArray(value);
  const entries = Object.entries(value);
  const [left, right] = array ? "[]" : "{}";
  if (entries.length === 0) return <span>{left}{right}</span>;
  if (level === 0) return members();
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {left}
        <span className="quiet">{entries.length}</span>
        {right}
      </summary>
      {open && members()}
    </details>
  );

  function members() {
    return (
      <ul>
        {entries.slice(0, most).map(([key, member]) => (
          <li key={key}>
            <span className="key data" dir="auto">{key.slice(0, 200)}</span>:{" "}
            <Node value={member} level={level + 1} />
          </li>
        ))}
        {entries.length > most && (
          <li>
            <button type="button" className="button plain" onClick={() => setMost(most * 10)}>
              Show more of {entries.length}
            </button>
          </li>
        )}
      </ul>
    );
  }
}
