import { random } from "../../unit/domain/random.ts";

/** Choices that look random and are the same for the same seed. */
export interface Dice {
  /** From `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  pick<T>(choices: readonly T[]): T;
  uuid(): string;
}

export function dice(seed: number): Dice {
  const { integer } = random(seed);
  const hex = (digits: number) => integer(0, 16 ** digits - 1).toString(16).padStart(digits, "0");
  return {
    integer,
    chance: (percent) => integer(1, 100) <= percent,
    // The index is within the array, and nobody picks from an empty one.
    pick: <T>(choices: readonly T[]) => choices[integer(0, choices.length - 1)] as T,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`,
  };
}
