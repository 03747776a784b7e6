import { useState } from "react";
import { usePortal } from "../session/context.ts";

const PREFIX = "portal.draft.";

/**
 * State that outlives a reload of its tab, until it is forgotten: what one person has typed and not sent. The name says what
 * it is a draft of; a component that shows another takes another `key`.
 */
export function useDraft<Value>(
  name: string,
  blank: () => Value,
): [draft: Value, write: (draft: Value) => void, forget: (next?: Value) => void] {
  const { user } = usePortal();
  const key = `${PREFIX}${user.id}.${name}`;
  const [draft, setDraft] = useState<Value>(() => read(key) ?? blank());
  function write(changed: Value) {
    setDraft(changed);
    try {
      sessionStorage.setItem(key, JSON.stringify(changed));
    } catch {
      // Too large to keep: it lives as long as the page.
    }
  }
  function forget(next = blank()) {
    sessionStorage.removeItem(key);
    setDraft(next);
  }
  return [draft, write, forget];
}

/** Leaves no draft to whoever comes next. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}

function read<Value>(key: string): Value | null {
  return JSON.parse(sessionStorage.getItem(key) ?? "null"); // written above, by the same name
}
