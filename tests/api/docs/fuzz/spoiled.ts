import fc from "fast-check";
import { Learned } from "./learned.ts";
import { anyJson } from "./values.ts";

type Values = fc.Arbitrary<unknown>;

const awkward: Values = fc.constantFrom<unknown>(
  ...[null, true, "", " ", "null", "0", -1, 0.5, 1e21, 9007199254740993, -9007199254740993],
  ...[
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "💥".repeat(200),
    "x".repeat(5000),
    "'; drop table events; --",
  ],
  ...["00000000-0000-0000-0000-000000000000", "2025-02-30T00:00:00Z", "9999-12-31T23:59:59Z"],
  ...[
    "0001-01-01T00:00:00Z",
    "275760-09-13T00:00:00Z",
    "-infinity",
    "../..",
    "%00",
    "*",
    "0x10",
    "1e2",
    "+1",
    "01",
    "order.*",
  ],
  ...[[], {}, [[]], [null], { "": 1 }, { length: 1e9 }, { toString: 1 }],
);

/** Values of which one place is likely not as it should be. */
export function spoiled(values: Values): Values {
  return fc.tuple(values, fc.nat(9999), fc.oneof(awkward, anyJson), fc.nat(5))
    .map(([value, place, by, how]) => spoil(value, place, by, how));
}

/** Changes one place of a value: replaces it, removes it, or puts something beside it. */
function spoil(value: unknown, place: number, by: unknown, how: number): unknown {
  if (value instanceof Learned || typeof value !== "object" || value === null) return by;
  if (place % 7 === 0) return by;
  if (Array.isArray(value)) {
    if (how === 0) return [...value, by];
    return value.map((one, i) =>
      i === place % value.length ? spoil(one, place >> 2, by, how) : one
    );
  }
  const keys = Object.keys(value);
  const key = keys[place % Math.max(keys.length, 1)];
  if (how === 0 || key === undefined) {
    return { ...value, [["extra", "constructor", ""][place % 3] ?? ""]: by };
  }
  const { [key]: one, ...rest } = value as Record<string, unknown>; // an object, by the tests above
  return how === 1 ? rest : { ...rest, [key]: spoil(one, place >> 2, by, how) };
}
