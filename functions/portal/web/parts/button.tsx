import { type ReactNode, useId } from "react";

/** A button that, when it may not be used, stays visible and says why. */
export function Button(
  { onPress, closed = null, told = false, kind = "", busy = false, label, pressed, children }: {
    onPress: () => unknown;
    /** Why it may not be used. */
    closed?: string | null;
    /** Whether the reason is in sight already, at a button beside it. */
    told?: boolean;
    kind?: "" | "primary" | "danger" | "plain";
    busy?: boolean;
    label?: string;
    pressed?: boolean;
    children: ReactNode;
  },
) {
  const reason = useId();
  return (
    <>
      <button
        type="button"
        className={`button ${kind}`}
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={closed !== null || busy || undefined}
        aria-describedby={closed === null ? undefined : reason}
        title={closed ?? undefined}
        onClick={() => closed === null && !busy && onPress()}
      >
        {busy ? "…" : children}
      </button>
      {closed !== null && (
        <span id={reason} className={told ? "visually-hidden" : "reason-why"}>{closed}</span>
      )}
    </>
  );
}
