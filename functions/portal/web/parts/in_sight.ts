import { type RefObject, useEffect, useRef } from "react";

/** Brings an element into sight whenever `key` changes and it has begun out of sight, as below a list on a phone. */
export function useInSight<Kind extends HTMLElement>(
  key: string | undefined,
): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    if (key === undefined || !element.current) return;
    const { top } = element.current.getBoundingClientRect();
    if (top < 0 || top > innerHeight * 0.6) element.current.scrollIntoView({ block: "start" });
  }, [key]);
  return element;
}
