import { useState } from "react";
import { Button } from "./button.tsx";

/** Copies a text, and says that it did. */
export function Copy({ text, children }: { text: string; children: string }) {
  const [state, setState] = useState("");
  async function copy() {
    const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
    setState(copied ? "Copied" : "The browser does not allow it");
    setTimeout(() => setState(""), 3_000);
  }
  return (
    <>
      <Button onPress={copy}>{children}</Button>
      <span role="status" className="quiet">{state}</span>
    </>
  );
}
