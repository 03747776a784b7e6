/** Numbers that look random and are the same for the same seed (mulberry32). */
export function random(seed: number) {
  let state = seed;
  const fraction = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    /** From `from` to `to`, both included. */
    integer: (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1)),
    /** From 0 to `to`, both included; magnitudes are spread evenly, so small ones occur too. */
    bigint: (to: bigint) => BigInt(Math.floor(Number(to) ** fraction() - 1)),
  };
}
