import { useSyncExternalStore } from "react";

/** Where one is: the part after `#`, so that any host can serve the page from any path. */
export interface Route {
  /** `#/event/7` is `["event", "7"]`. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

let known = { hash: "", route: parse("") };

/** The route of the moment; renders anew when it changes. */
export function useRoute(): Route {
  return useSyncExternalStore(listen, current);
}

/** A link to a screen. */
export function linkTo(path: readonly string[], query?: Query): string {
  const search = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([name, value]) => value ? [[name, value]] : []),
  );
  const tail = search.size > 0 ? `?${search}` : "";
  return `#/${path.map(encodeURIComponent).join("/")}${tail}`;
}

export type Query = Readonly<Record<string, string | undefined>>;

/** Goes somewhere; `replace` leaves no step in the history. */
export function go(link: string, { replace = false } = {}): void {
  if (replace) location.replace(link);
  else location.assign(link);
}

function listen(changed: () => void): () => void {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

function current(): Route {
  const { hash } = location;
  if (known.hash !== hash) known = { hash, route: parse(hash) };
  return known.route;
}

function parse(hash: string): Route {
  const [path = "", ...search] = hash.replace(/^#\/?/, "").split("?");
  return {
    path: path.split("/").filter(Boolean).map(decode),
    query: new URLSearchParams(search.join("?")),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
