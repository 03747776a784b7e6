import { useEffect, useRef } from "react";
import { linkTo, useRoute } from "../router.ts";
import { usePortal } from "../session/context.ts";

/** The screens, with the key that follows `g`. */
export const places: { name: string; key: string; path: string[] }[] = [
  { name: "Stream", key: "s", path: ["stream"] },
  { name: "Database Manager", key: "m", path: ["manager"] },
  { name: "Decisions", key: "d", path: ["decisions"] },
  { name: "Catalog", key: "c", path: ["catalog"] },
  { name: "Subscriptions", key: "u", path: ["subscriptions"] },
];

export function Navigation() {
  const { config } = usePortal();
  const { path: [here = "stream"] } = useRoute();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-current]")
      ?.scrollIntoView({ inline: "center", block: "nearest" });
  }, [here]);
  return (
    <nav className="side" aria-label="Screens">
      <ul ref={list}>
        {places.map(({ name, path }) => (
          <li key={name}>
            <a href={linkTo(path)} aria-current={path[0] === here ? "page" : undefined}>{name}</a>
          </li>
        ))}
        <li>
          <a href={linkTo(["post"])} aria-current={here === "post" ? "page" : undefined}>
            Post an event
          </a>
        </li>
        <li>
          <a href={`${config.url}/functions/v1/docs`} target="_blank" rel="noreferrer">
            API documents <span aria-hidden>↗</span>
          </a>
        </li>
      </ul>
    </nav>
  );
}
