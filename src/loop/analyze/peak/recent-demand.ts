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

/** Statistics of the newest bins, unknown ones left out; numbers in the names are bins, 240 those of the whole span. */
export interface RecentSummary {
  newest: number;
  mean2: number;
  mean4: number;
  mean20: number;
  mean60: number;
  mean240: number;
  /** Mean absolute step between neighbours; over more than 20 bins only where the span is longer than 80. */
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
const WALK = { sum: 0, known: 0, steps: 0, stepsKnown: 0, max: 0, min: 0 };

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
  WALK.sum = 0;
  WALK.known = 0;
  WALK.steps = 0;
  WALK.stepsKnown = 0;
  WALK.max = value;
  WALK.min = value;
  summary.newest = value;
  walkSteps(recent, newest, newest - 2);
  summary.mean2 = WALK.sum / WALK.known;
  walkSteps(recent, newest - 2, newest - 4);
  summary.mean4 = WALK.sum / WALK.known;
  walkSteps(recent, newest - 4, newest - 20);
  summary.mean20 = WALK.sum / WALK.known;
  summary.step20 = walkedStep();
  summary.max20 = WALK.max;
  summary.min20 = WALK.min;
  const long = span > 80;
  const walk = long ? walkSteps : walkValues;
  walk(recent, newest - 20, newest - 60);
  summary.mean60 = WALK.sum / WALK.known;
  walk(recent, newest - 60, newest - 80);
  summary.max80 = WALK.max;
  if (long) walkSteps(recent, newest - 80, newest - span);
  summary.mean240 = WALK.sum / WALK.known;
  summary.step240 = walkedStep();
}

/** Walks back from bin `from` to the one after `end`: the values, and the steps into each of them. */
function walkSteps(recent: RecentDemand, from: number, end: number): void {
  const mask = recent.length - 1;
  let { sum, known, steps, stepsKnown, max, min } = WALK;
  let value = recent[from & mask] ?? NaN;
  for (let bin = from; bin > end; bin--) {
    const before = recent[(bin - 1) & mask] ?? NaN;
    // Comparisons with NaN are false: what is unknown counts nowhere.
    if (value >= 0) {
      sum += value;
      known++;
      if (value > max) max = value;
      if (value < min) min = value;
    }
    const difference = value - before;
    const step = difference < 0 ? -difference : difference;
    if (step >= 0) {
      steps += step;
      stepsKnown++;
    }
    value = before;
  }
  WALK.sum = sum;
  WALK.known = known;
  WALK.steps = steps;
  WALK.stepsKnown = stepsKnown;
  WALK.max = max;
  WALK.min = min;
}

/** The same without steps and smallest value. */
function walkValues(recent: RecentDemand, from: number, end: number): void {
  const mask = recent.length - 1;
  let { sum, known, max } = WALK;
  for (let bin = from; bin > end; bin--) {
    const value = recent[bin & mask] ?? NaN;
    if (value >= 0) {
      sum += value;
      known++;
      if (value > max) max = value;
    }
  }
  WALK.sum = sum;
  WALK.known = known;
  WALK.max = max;
}

function walkedStep(): number {
  return WALK.stepsKnown === 0 ? 0 : WALK.steps / WALK.stepsKnown;
}
