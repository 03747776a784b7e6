/** How often a flight goes round again after a failure, for those who called meanwhile. */
const MOST_TROUBLES = 3;
/** Milliseconds before it does, times the failures so far. */
const PAUSE = 50;

/**
 * Makes a function of which at most one run is under way in this isolate. A call meanwhile makes it
 * run once more, since the run may have looked already where the caller wants it to look; all get
 * the promise of the last one. A failure is not theirs who called after it began: for them it runs
 * again, a few times at most.
 *
 * `run` gets what the run before it resolved to, undefined in the first.
 */
export function singleFlight<Result>(
  run: (before: Result | undefined) => Promise<Result>,
): () => Promise<Result> {
  let flight: Promise<Result> | null = null;
  let calledAgain = false;

  async function fly(): Promise<Result> {
    let result: Result | undefined;
    let troubles = 0;
    try {
      for (;;) {
        calledAgain = false;
        try {
          result = await run(result);
          if (!calledAgain) return result;
        } catch (error) {
          troubles += 1;
          if (!calledAgain || troubles > MOST_TROUBLES) throw error;
          await new Promise((resolve) => setTimeout(resolve, PAUSE * troubles));
        }
      }
    } finally {
      // In the same turn as the last look at calledAgain: no call falls between the two.
      flight = null;
    }
  }

  return () => {
    calledAgain = true;
    return flight ??= fly();
  };
}
