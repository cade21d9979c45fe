import { short } from '../../short.ts';

/**
 * How much of what an objective allows each arm would have used up, by replay of the windows just past. A replay knows steady
 * streams and sees too little of bursts: what really came while an arm was in force, beside its replay, says how much must be
 * added. Plain data; windows fade.
 */
export interface PromiseRecord {
  /** By arm, what would have been bad: requests, or seconds in violation. */
  readonly bad: Float64Array;
  /** What there was in all, in the same unit. */
  total: number;
  /** Windows, as far as they are not forgotten. */
  windows: number;
  /** Of the arms in force: what was bad, and what their replay says. */
  real: number;
  replayed: number;
}

/** Each window leaves so much of those before it: some four days of half hours. */
const FADING = 0.995;
/** A day: each time of day has come once. */
const PROVING_WINDOWS = 48;
/** What a day of windows counts, faded as it is. */
const PROOF = (1 - FADING ** PROVING_WINDOWS) / (1 - FADING);
/** Of simulated services a replay sees a third of the bad requests (docs/memory.md): believed until it is measured. */
const USUAL_FACTOR = 3;
/** So many windows with as much bad as allowed count as much for the usual factor as what was measured. */
const FACTOR_WINDOWS = 8;
/** Noise in what little is measured must not let an arm in whose replay is bad. */
const LEAST_FACTOR = 1;

export function createPromiseRecord(arms: number): PromiseRecord {
  return { bad: new Float64Array(arms), total: 0, windows: 0, real: 0, replayed: 0 };
}

/** A window that is over. */
export interface KeptWindow {
  /** By arm, NaN where it was not replayed. */
  readonly bad: Float64Array;
  readonly total: number;
  /** The arm in force and what was really bad; undefined where that is not known or not the arm's doing. */
  readonly real?: { readonly arm: number; readonly bad: number } | undefined;
}

export function learnPromise(record: PromiseRecord, { bad, total, real }: KeptWindow): void {
  if (bad.length !== record.bad.length || !(total > 0 && total < Infinity)) return;
  record.total = FADING * record.total + total;
  record.windows = FADING * record.windows + 1;
  for (const [arm, one] of bad.entries()) {
    // What was not replayed may have been as bad as can be.
    record.bad[arm] = FADING * (record.bad[arm] ?? 0) + (one >= 0 ? one : total);
  }
  if (real !== undefined) compare(record, bad[real.arm] ?? NaN, real.bad);
}

/** What replay said of the arm in force, beside what came. */
function compare(record: PromiseRecord, replayed: number, real: number): void {
  if (!(replayed >= 0 && real >= 0)) return;
  record.real = FADING * record.real + real;
  record.replayed = FADING * record.replayed + replayed;
}

/** How many times as much is really bad as replay says; at least 1. @param allowed share that may be bad, 0 … 1 */
export function replayFactor({ real, replayed, total, windows }: PromiseRecord, allowed: number): number {
  if (!(windows > 0)) return USUAL_FACTOR;
  const prior = (FACTOR_WINDOWS * allowed * total) / windows;
  return Math.max(LEAST_FACTOR, (real + prior) / (replayed + prior / USUAL_FACTOR));
}

/** Why an arm may not be chosen yet, or any more; undefined where it would keep what the objective promises. */
export function promiseBroken(record: PromiseRecord, arm: number, allowed: number): string | undefined {
  const { windows, total, bad } = record;
  // Rounding must not cost a window.
  if (windows < PROOF - 0.5) return 'a day of windows has to prove first that it keeps the objective';
  const share = (replayFactor(record, allowed) * (bad[arm] ?? NaN)) / total;
  if (share <= allowed) return undefined;
  return `${short(100 * share)} % would have been bad, and ${short(100 * allowed)} % may be`;
}
