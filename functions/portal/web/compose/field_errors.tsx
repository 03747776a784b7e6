import { createContext, type ReactNode, useContext } from "react";
import { EventApiError } from "../../../../shared/client/mod.ts";

const none: ReadonlyMap<string, string> = new Map();
const Context = createContext(none);

/** Tells the fields within what the server found wrong with them, by JSON Pointer. */
export function FieldErrors({ error, children }: { error: unknown; children: ReactNode }) {
  const found = error instanceof EventApiError ? error.problem.errors ?? [] : [];
  const map = new Map(found.map(({ pointer, message }) => [pointer, message]));
  return <Context value={map}>{children}</Context>;
}

/** What is wrong with the field at a pointer. */
export function useFieldError(pointer: string): string | undefined {
  return useContext(Context).get(pointer);
}

/** The pointer of a member. */
export function below(pointer: string, name: string | number): string {
  return `${pointer}/${`${name}`.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
