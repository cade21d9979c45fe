import { ABSENT, cellOfBin, get, type SeriesRing } from '../series-ring.ts';

const SHORT_MINUTES = 10;
const LONG_MINUTES = 60;
/** Steps from minute to minute that each of the two needs: half of what there could be. */
const MIN_SHORT_STEPS = 5;
const MIN_LONG_STEPS = 30;

/** Minutes of demand that `volatilityRatio` looks at: both ends of each step. */
export const VOLATILITY_MINUTES = LONG_MINUTES + 1;

/**
 * Root mean square of the steps from minute to minute in the last ten minutes ÷ in the last hour. Steps, because a
 * steady rise is no volatility; a ratio, because it needs no scale. 1 for a demand that stands still; NaN with too
 * many gaps. `statistic` of series 0 of `ring` holds the demand by the minute.
 */
export function volatilityRatio(ring: SeriesRing, statistic: number, now: number): number {
  const last = Math.floor(now / ring.stepMs);
  let long = 0;
  let longSteps = 0;
  let short = 0;
  let shortSteps = 0;
  let later = NaN;
  for (let back = 0; back <= LONG_MINUTES; back += 1) {
    const cell = cellOfBin(ring, 0, last - back);
    const value = cell === ABSENT ? NaN : get(ring, cell, statistic);
    const square = (later - value) ** 2;
    later = value;
    if (Number.isNaN(square)) continue;
    long += square;
    longSteps += 1;
    if (back > SHORT_MINUTES) continue;
    short += square;
    shortSteps += 1;
  }
  if (shortSteps < MIN_SHORT_STEPS || longSteps < MIN_LONG_STEPS) return NaN;
  return long === 0 ? 1 : Math.sqrt(short / shortSteps / (long / longSteps));
}
