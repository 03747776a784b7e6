import { When } from "../parts/when.tsx";
import { LongText } from "../parts/long_text.tsx";
import type { Status } from "./status.ts";

/** What the audit that never ends has found. */
export function Audit({ audit }: { audit: Status["audit"] }) {
  return (
    <section className="card">
      <h2>Audit</h2>
      {audit.findings.length === 0 && (
        <p className="quiet">
          No event was skipped. Last look: <When at={audit.checked_at} />
        </p>
      )}
      <ul className="stack tight">
        {audit.findings.map((finding, index) => (
          <li key={index}>
            <span className="tag bad">{finding.kind}</span> {finding.event_number}{" "}
            <LongText text={finding.detail} shown={200} /> <When at={finding.found_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
