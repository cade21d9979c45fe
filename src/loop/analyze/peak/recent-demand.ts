import { floatsIn, type Arena } from './arena.ts';

/**
 * The newest bins of one series, by absolute bin number; NaN where nothing is known. The length is a power of two.
 * Float32: seven digits are more than any measurement has.
 */
export type RecentDemand = Float32Array;

export function createRecentDemand(arena: Arena, bins: number): RecentDemand {
  return floatsIn(arena, bins).fill(NaN);
}

/** The value of `bin`, which is one of the newest. */
export function recentAt(recent: RecentDemand, bin: number): number {
  return recent[bin & (recent.length - 1)] ?? NaN;
}

export function setRecent(recent: RecentDemand, bin: number, value: number): void {
  recent[bin & (recent.length - 1)] = value;
}

/** The largest of the bins `from … to`; NaN when one of them is unknown, for it may have been the largest. */
export function knownMax(recent: RecentDemand, from: number, to: number): number {
  let max = -Infinity;
  for (let bin = from; bin <= to; bin++) {
    const value = recentAt(recent, bin);
    if (!(value >= 0)) return NaN;
    if (value > max) max = value;
  }
  return max;
}

/** Statistics of the newest bins, unknown ones left out; numbers in the names are bins. */
export interface RecentSummary {
  newest: number;
  mean2: number;
  mean4: number;
  mean20: number;
  mean60: number;
  mean240: number;
  /** Mean absolute step between neighbours. */
  step20: number;
  step240: number;
  max20: number;
  min20: number;
  max80: number;
}

export function createRecentSummary(): RecentSummary {
  return {
    newest: 0,
    mean2: 0,
    mean4: 0,
    mean20: 0,
    mean60: 0,
    mean240: 0,
    step20: 0,
    step240: 0,
    max20: 0,
    min20: 0,
    max80: 0,
  };
}

/** Sums over the bins walked through so far; set anew by each summary. */
const WALK = { ago: 0, sum: 0, known: 0, steps: 0, stepsKnown: 0, max: 0, min: 0 };

/**
 * Fills `summary` from the bins that end with `newest`, whose value is known; never from more than `span`. Made from
 * scratch each time: no rounding error lives on, and a value that is corrected or withdrawn leaves no trace.
 */
export function summarizeRecent(
  summary: RecentSummary,
  recent: RecentDemand,
  newest: number,
  span: number,
): void {
  const value = recentAt(recent, newest);
  WALK.ago = 0;
  WALK.sum = 0;
  WALK.known = 0;
  WALK.steps = 0;
  WALK.stepsKnown = 0;
  WALK.max = value;
  WALK.min = value;
  summary.newest = value;
  summary.mean2 = walkedMean(recent, newest, 2);
  summary.mean4 = walkedMean(recent, newest, 4);
  summary.mean20 = walkedMean(recent, newest, 20);
  summary.step20 = walkedStep();
  summary.max20 = WALK.max;
  summary.min20 = WALK.min;
  summary.mean60 = walkedMean(recent, newest, 60);
  walkedMean(recent, newest, 80);
  summary.max80 = WALK.max;
  summary.mean240 = walkedMean(recent, newest, span);
  summary.step240 = walkedStep();
}

/** Walks back until `bins` bins, and the step into each of them, are counted; returns their mean. */
function walkedMean(recent: RecentDemand, newest: number, bins: number): number {
  const mask = recent.length - 1;
  let { sum, known, steps, stepsKnown, max, min } = WALK;
  for (let ago = WALK.ago; ago < bins; ago++) {
    const value = recent[(newest - ago) & mask] ?? NaN;
    // Comparisons with NaN are false: what is unknown counts nowhere.
    if (value >= 0) {
      sum += value;
      known++;
      if (value > max) max = value;
      if (value < min) min = value;
    }
    const difference = value - (recent[(newest - ago - 1) & mask] ?? NaN);
    const step = difference < 0 ? -difference : difference;
    if (step >= 0) {
      steps += step;
      stepsKnown++;
    }
  }
  WALK.ago = bins;
  WALK.sum = sum;
  WALK.known = known;
  WALK.steps = steps;
  WALK.stepsKnown = stepsKnown;
  WALK.max = max;
  WALK.min = min;
  return sum / known;
}

function walkedStep(): number {
  return WALK.stepsKnown === 0 ? 0 : WALK.steps / WALK.stepsKnown;
}
