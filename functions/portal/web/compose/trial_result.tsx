import { type ReactNode, useEffect } from "react";
import { useInSight } from "../parts/in_sight.ts";

/** What a trial has found: it takes the focus, so that it is read out, and is brought into sight. */
export function TrialResult({ children }: { children: ReactNode }) {
  const result = useInSight<HTMLDivElement>("result");
  useEffect(() => result.current?.focus({ preventScroll: true }), [result]);
  return (
    <div ref={result} tabIndex={-1} role="group" aria-label="Result of the trial" className="stack">
      {children}
    </div>
  );
}
