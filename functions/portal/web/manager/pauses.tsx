import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Actor } from "../parts/actor.tsx";
import { Button } from "../parts/button.tsx";
import { Trouble } from "../parts/notice.tsx";
import { When } from "../parts/when.tsx";
import { usePortal } from "../session/context.ts";
import type { Status } from "./status.ts";

/** What is paused, by whom and why. */
export function Pauses({ paused }: { paused: Status["paused"] }) {
  const { api } = usePortal();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  async function resume(aggregate_type: string) {
    setError(null);
    try {
      const body = aggregate_type === "*" ? {} : { aggregate_type };
      await api.post("database-manager/resume", body);
    } catch (error) {
      setError(error);
    }
    await queries.invalidateQueries({ queryKey: ["status"] });
  }
  return (
    <>
      {error !== null && <Trouble error={error} />}
      {paused.map(({ aggregate_type, reason, paused_by, paused_at }) => (
        <section key={aggregate_type} className="notice warn" aria-label="Paused">
          <h2>{aggregate_type === "*" ? "Everything" : `Type ${aggregate_type}`} is paused</h2>
          <p>
            <bdi>{reason}</bdi>{" "}
            <span className="quiet">
              <Actor name={paused_by} />, <When at={paused_at} />
            </span>
          </p>
          <Button
            onPress={() =>
              resume(aggregate_type)}
          >
            Resume
          </Button>
        </section>
      ))}
    </>
  );
}
