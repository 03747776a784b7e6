/** 97.5 % of a normal distribution lies below it: both sides leave 95 %. */
const Z = 1.959963984540054;

/** A range in which a share lies, with 95 % confidence. */
export interface Interval {
  lower: number;
  upper: number;
}

/**
 * Wilson's score interval (E. B. Wilson, 1927) for `successes` of `cases`, without continuity
 * correction. Nothing is known of no case: 0 to 1.
 */
export function wilsonInterval(successes: number, cases: number): Interval {
  if (cases === 0) return { lower: 0, upper: 1 };
  const share = successes / cases;
  const square = Z * Z / cases;
  const centre = share + square / 2;
  const margin = Z * Math.sqrt(share * (1 - share) / cases + square / (4 * cases));
  return {
    lower: Math.max(0, (centre - margin) / (1 + square)),
    upper: Math.min(1, (centre + margin) / (1 + square)),
  };
}
