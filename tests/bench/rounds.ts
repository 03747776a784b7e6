/** Measures several things side by side. */

/** One thing to measure. */
export interface Arm<Sample> {
  name: string;
  measure: () => Promise<Sample>;
}

/** Samples by arm, one per round. */
export type Samples<Sample> = Record<string, Sample[]>;

/**
 * Runs every arm once per round, each round in another order, after one round that does not
 * count. Tells `log` what it measures.
 */
export async function interleave<Sample>(
  arms: readonly Arm<Sample>[],
  rounds: number,
  log: (line: string) => void,
): Promise<Samples<Sample>> {
  const samples: Samples<Sample> = Object.fromEntries(arms.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < arms.length; i++) {
      const arm = arms[(i + round) % arms.length];
      if (!arm) continue;
      const sample = await arm.measure();
      if (round > 0) samples[arm.name]?.push(sample);
      log(`  ${round === 0 ? "warm-up" : `round ${round}/${rounds}`} ${arm.name}: ${show(sample)}`);
    }
  }
  return samples;
}

function show(sample: unknown): string {
  return JSON.stringify(
    sample,
    (_, value) => typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
}
