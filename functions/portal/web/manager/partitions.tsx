import type { Partition } from "./status.ts";

/** The sixteen partitions: who works on each, and which have something to do. */
export function Partitions({ partitions }: { partitions: Partition[] }) {
  return (
    <section className="card">
      <h2>Partitions</h2>
      <ul className="partitions">
        {partitions.map(({ partition, holder, leased_until, has_due_work }) => {
          const held = leased_until !== null;
          const word = held ? "held" : has_due_work ? "due" : "idle";
          return (
            <li
              key={partition}
              className={held ? "good" : has_due_work ? "warn" : ""}
              title={held ? `Worker ${holder}` : undefined}
            >
              <strong>{partition}</strong> {word}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
