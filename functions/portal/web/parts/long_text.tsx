import { useState } from "react";

/** Characters shown of a long text. */
const SHOWN = 1_000;

/** Somebody's text, cut when it is long, and kept from reordering what stands around it. */
export function LongText({ text, shown = SHOWN }: { text: string; shown?: number }) {
  const [all, setAll] = useState(false);
  const cut = text.length > shown && !all;
  return (
    <>
      <bdi className="data">{cut ? text.slice(0, shown) : text}</bdi>
      {cut && (
        <>
          …{" "}
          <button type="button" className="button plain" onClick={() => setAll(true)}>
            Show all {text.length.toLocaleString("en")} characters
          </button>
        </>
      )}
    </>
  );
}
