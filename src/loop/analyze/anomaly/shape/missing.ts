import { LARGEST_SURPRISE } from '../surprise/p-value.ts';
import { createRunLengths, observeRun, type RunLengths } from './run-length.ts';

/** A series that was there regularly and is not any more. */
export interface MissingSeries {
  readonly gaps: RunLengths;
  /** Minutes with and without a value: forgotten with a half-life of about a day and a half. */
  present: number;
  absent: number;
  /** Gaps that began. */
  begun: number;
  /** ms since the epoch of the first minute of the present gap; NaN while there is none. */
  since: number;
}

export interface MissingFinding {
  /** −log10 p, 0 … 12. */
  readonly surprise: number;
  readonly since: number;
}

const FORGET = 1 - 1 / 3000;
const LEAST_PRESENT = 120;
/** Below it nobody can count on the series. */
const REGULAR_SHARE = 0.8;
/** A single scrape fails now and then. */
const LEAST_GAP = 2;

export function createMissing(): MissingSeries {
  return { gaps: createRunLengths(), present: 0, absent: 0, begun: 0, since: NaN };
}

/** One minute, in which the series has a value or is NaN. */
export function observeMissing(series: MissingSeries, value: number, now: number): MissingFinding {
  const known = Number.isFinite(value);
  const { present, absent } = series;
  const regular = present >= LEAST_PRESENT && present >= REGULAR_SHARE * (present + absent);
  const begins = !known && Number.isNaN(series.since);
  if (begins) series.since = now;
  if (known) series.since = NaN;
  let surprise = 0;
  if (!known) {
    const length = observeRun(series.gaps, !begins);
    const beginning = -Math.log10((series.begun + 1) / (present + absent + 2));
    // Where no gap ever had two minutes, the second is news enough.
    const isUnheardOf = series.gaps.longest < LEAST_GAP || length > 0;
    if (regular && series.gaps.length >= LEAST_GAP && isUnheardOf) surprise = beginning + length;
  }
  learn(series, known, begins);
  return { surprise: Math.min(LARGEST_SURPRISE, surprise), since: series.since };
}

function learn(series: MissingSeries, known: boolean, begins: boolean): void {
  series.present = FORGET * series.present + Number(known);
  series.absent = FORGET * series.absent + Number(!known);
  series.begun = FORGET * series.begun + Number(begins);
}
