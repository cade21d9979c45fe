/** Values that differ by less are one: quantiles are kept in single precision. */
const TIE = 1e-6;

/**
 * How far an outcome counts as covered by the interval between two levels: 1 within, 0 outside. Where several quantiles
 * equal the outcome, as on series that repeat a value, its probability integral transform is uniform between the lowest
 * and the highest of their levels (randomised ties), and the share of that span which lies between the two counts.
 * @param levels rising; the two ends are among them
 */
export function coveredShare(
  outcome: number,
  quantiles: ArrayLike<number>,
  levels: readonly number[],
  [low, high]: Span,
): number {
  const tolerance = TIE * Math.abs(outcome);
  let below = 0;
  let tied = 0;
  for (let i = 0; i < levels.length; i++) {
    const distance = (quantiles[i] ?? 0) - outcome;
    if (distance < -tolerance) below++;
    else if (distance <= tolerance) tied++;
  }
  if (tied >= 2) return overlap(spanOf(levels, below, tied), [low, high]);
  // Between two quantiles, or at one: then on the side of the interval.
  const to = levels[below] ?? 1;
  const from = tied === 1 ? to : (levels[below - 1] ?? 0);
  return Number(from >= low && to <= high);
}

type Span = readonly [from: number, to: number];

/** The lowest quantile stands for all levels below it, the highest for those above. */
function spanOf(levels: readonly number[], below: number, tied: number): Span {
  const from = below === 0 ? 0 : (levels[below] ?? 0);
  return [from, below + tied === levels.length ? 1 : (levels[below + tied - 1] ?? 1)];
}

/** The part of a span that lies within another. */
function overlap([from, to]: Span, [low, high]: Span): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
}
