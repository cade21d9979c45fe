import { continuingShare, createRunLengths, observeRun, type RunLengths } from './run-length.ts';

/** A series that stands still: an exporter that died and goes on telling its last value. */
export interface FlatLine {
  readonly runs: RunLengths;
  last: number;
  /** Known minutes, up to where they suffice. */
  seen: number;
  /** ms since the epoch: first minute of the present value. */
  since: number;
}

export interface FlatLineFinding {
  /** −log10 p, 0 … 12; NaN while the minute is unknown. */
  readonly surprise: number;
  /** Since when the value is the same; NaN before the first. */
  readonly since: number;
}

/** Two hours of a series tell whether it moves. */
const LEAST_MINUTES = 120;
/** A series that repeats its value more often is one of steps: replicas, limits, flags. */
const MOSTLY_STILL = 0.8;

export function createFlatLine(): FlatLine {
  return { runs: createRunLengths(), last: NaN, seen: 0, since: NaN };
}

/** One minute of the series. A series that stands still by nature is never unusual in standing still. */
export function observeFlatLine(flat: FlatLine, value: number, now: number): FlatLineFinding {
  if (!Number.isFinite(value)) return { surprise: NaN, since: flat.since };
  const still = continuingShare(flat.runs) > MOSTLY_STILL;
  const same = value === flat.last;
  if (!same) flat.since = now;
  flat.last = value;
  const surprise = observeRun(flat.runs, same);
  const known = flat.seen >= LEAST_MINUTES && !still;
  flat.seen = Math.min(LEAST_MINUTES, flat.seen + 1);
  return { surprise: known ? surprise : 0, since: flat.since };
}
