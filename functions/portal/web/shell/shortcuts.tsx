import { useEffect, useEffectEvent } from "react";
import { Popup } from "../parts/popup.tsx";
import { go, linkTo } from "../router.ts";
import { places } from "./navigation.tsx";

/** Milliseconds in which the key after `g` has to come. */
const PAIR = 1_500;

/** `/` searches, `g` and a letter goes to a screen, `?` lists them. Not while one types. */
export function useShortcuts(onHelp: () => void): void {
  const help = useEffectEvent(onHelp);
  useEffect(() => {
    let since = -Infinity;
    function pressed(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || types(event.target)) return;
      if (document.querySelector("[role=dialog]")) return;
      const place = places.find(({ key }) => key === event.key);
      if (place && event.timeStamp - since < PAIR) go(linkTo(place.path));
      since = event.key === "g" ? event.timeStamp : -Infinity;
      if (event.key === "?") help();
      if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLInputElement>("#search")?.focus();
      }
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

function types(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

const others: [keys: string, what: string][] = [
  ["/", "Search by id, number, type, aggregate, actor or correlation"],
  ["↑ ↓ or j k", "Next and previous in a list"],
  ["Enter", "Open"],
  ["p", "Stream: pause and resume"],
  ["a  e  r", "Decisions: approve, edit, reject"],
  ["?", "This list"],
  ["Escape", "Close"],
];

export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Popup title="Keyboard" onClose={onClose}>
      <dl className="facts">
        {places.map(({ name, key }) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{name}</dd>
          </div>
        ))}
        {others.map(([keys, what]) => (
          <div key={keys} style={{ display: "contents" }}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Popup>
  );
}
