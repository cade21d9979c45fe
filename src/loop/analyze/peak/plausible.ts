/**
 * Is a value one that this series can have? A unit that changed, or a counter that was misread, gives values beyond
 * everything so far. Such a value is counted only as far as it is plausible until it has lasted, and leaves no trace
 * when it has not; one that lasts is a new level.
 */
export interface Plausibility {
  /** The largest value believed, forgotten with a half-life of 8 days. */
  record: number;
  /** Values in a row that are not believed yet, the least of them, and the bin of the first. */
  suspects: number;
  least: number;
  since: number;
}

/** Beyond ten times the record a value is not believed at once. */
const FACTOR = 10;

/** Three values in a row, 45 s at the usual pace, are believed. */
const LASTING = 3;

/** The smallest rate per second that is a load at all: one request in eleven days. */
export const LEAST_LOAD = 1e-6;

/** A series that never had a load knows no scale: below this anything may be its first. */
const FIRST_LIMIT = 1e9;

export function createPlausibility(): Plausibility {
  return { record: 0, suspects: 0, least: Infinity, since: 0 };
}

export type Verdict = 'Plausible' | 'Suspect' | 'Lasting';

/** The largest value that is believed at once. */
export function plausibleLimit({ record }: Plausibility): number {
  return record >= LEAST_LOAD ? FACTOR * record : FIRST_LIMIT;
}

/** Judges the value of `bin`. @param decay share of the record that is left since the last one. */
export function judgeValue(
  plausibility: Plausibility,
  value: number,
  { bin, decay }: { readonly bin: number; readonly decay: number },
): Verdict {
  if (value <= plausibleLimit(plausibility)) {
    forgetSuspects(plausibility);
    plausibility.record = Math.max(value, plausibility.record * decay);
    return 'Plausible';
  }
  if (plausibility.suspects++ === 0) plausibility.since = bin;
  plausibility.least = Math.min(plausibility.least, value);
  if (plausibility.suspects < LASTING) return 'Suspect';
  plausibility.record = plausibility.least;
  forgetSuspects(plausibility);
  return 'Lasting';
}

export function forgetSuspects(plausibility: Plausibility): void {
  plausibility.suspects = 0;
  plausibility.least = Infinity;
}
