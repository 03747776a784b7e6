import { differences } from "./difference.ts";
import { LongText } from "./long_text.tsx";

/** What changed from one value to another, place by place. */
export function Diff({ before, after }: { before: unknown; after: unknown }) {
  const all = differences(before, after);
  if (all.length === 0) return <p className="quiet">No difference.</p>;
  return (
    <div className="scroll">
      <table className="diff">
        <thead>
          <tr>
            <th>Field</th>
            <th>Before</th>
            <th>After</th>
          </tr>
        </thead>
        <tbody>
          {all.map(({ path, before, after }) => (
            <tr key={path}>
              <td>
                <bdi className="data mono">{path.slice(0, 300) || "(all)"}</bdi>
              </td>
              <td>
                {before === undefined ? <None /> : (
                  <del>
                    <Short value={before} />
                  </del>
                )}
              </td>
              <td>
                {after === undefined ? <None /> : (
                  <ins>
                    <Short value={after} />
                  </ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function None() {
  return <span className="quiet">–</span>;
}

/** A value on one line. */
export function Short({ value }: { value: unknown }) {
  return (
    <code>
      <LongText
        text={typeof value === "string" ? value : JSON.stringify(value) ?? "–"}
        shown={200}
      />
    </code>
  );
}
