import { useState } from "react";
import type { StoredEvent } from "../../../../shared/client/mod.ts";
import { Button } from "../parts/button.tsx";
import { counted } from "../parts/counted.ts";
import { Popup } from "../parts/popup.tsx";
import { usePortal } from "../session/context.ts";
import { toCsv, toNdjson } from "./export_formats.ts";
import type { EventPages } from "./event_pages.ts";
import type { Filters } from "./filters.ts";

const MOST = 10_000;
const formats = {
  NDJSON: { write: toNdjson, file: "events.ndjson", type: "application/x-ndjson" },
  CSV: { write: toCsv, file: "events.csv", type: "text/csv" },
};

/** Saves what is shown, or everything that matches, as a file. */
export function Export({ filters, pages }: { filters: Filters; pages: EventPages }) {
  const { events: client } = usePortal();
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function save(format: keyof typeof formats) {
    setBusy(true);
    setProblem(null);
    try {
      const query = {
        ...filters,
        processed: flag(filters.processed),
        failed: flag(filters.failed),
        data: filters.data === undefined ? undefined : JSON.parse(filters.data),
        limit: MOST,
      };
      download(format, all ? await Array.fromAsync(client.query(query)) : pages.events());
      setOpen(false);
    } catch (error) {
      setProblem(String(error));
    }
    setBusy(false);
  }
  return (
    <>
      <Button onPress={() => setOpen(true)}>Export</Button>
      {open && (
        <Popup title="Export" onClose={() => setOpen(false)}>
          <label className="row">
            <input type="radio" name="what" checked={!all} onChange={() => setAll(false)} />
            What is loaded: {counted(pages.events().length, "event")}
          </label>
          <label className="row">
            <input type="radio" name="what" checked={all} onChange={() => setAll(true)} />
            Everything that matches, at most {MOST.toLocaleString("en")}
          </label>
          {problem && <p role="alert" className="bad">{problem}</p>}
          <div className="row">
            <Button kind="primary" busy={busy} onPress={() => save("NDJSON")}>NDJSON</Button>
            <Button kind="primary" busy={busy} onPress={() => save("CSV")}>CSV</Button>
          </div>
        </Popup>
      )}
    </>
  );
}

function flag(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === "true";
}

function download(format: keyof typeof formats, events: readonly StoredEvent[]): void {
  const { write, file, type } = formats[format];
  const url = URL.createObjectURL(new Blob([write(events)], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
