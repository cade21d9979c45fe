/** One alarm for one incident: after an alarm only a larger one counts, until a while has passed. */
export interface Pacing {
  largest: number;
  sinceLargest: number;
}

/** Points, the rest after an alarm: half a day at five minutes. */
const REST = 150;
/** What a score must exceed the last alarm's by, in −log₁₀ p. */
const STEP = 0.5;
/** Below it a score is no alarm anywhere and rests nothing. */
const FLOOR = 1.5;

export function createPacing(): Pacing {
  return { largest: 0, sinceLargest: 0 };
}

/** @returns the score, or 0 while it rests */
export function pace(pacing: Pacing, score: number): number {
  pacing.sinceLargest++;
  if (pacing.sinceLargest > REST) pacing.largest = 0;
  if (score <= (pacing.largest > 0 ? pacing.largest + STEP : 0)) return 0;
  if (score > FLOOR) {
    pacing.largest = score;
    pacing.sinceLargest = 0;
  }
  return score;
}
