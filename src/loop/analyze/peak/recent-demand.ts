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

/**
 * Statistics of the newest bins, unknown ones left out; numbers in the names are bins. Those of 240, the whole span, are
 * NaN where it is 80.
 */
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

/** Sums over the 20 newest bins, with which the longer walk goes on; set anew by each summary. */
const WALK = { sum: 0, known: 0, steps: 0, stepsKnown: 0 };

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
  summarizeNear(summary, recent, newest);
  if (span > 80) summarizeFar(summary, recent, newest, span);
  else summarizeFarValues(summary, recent, newest);
}

/** The 20 newest: values, and the steps into each of them. */
function summarizeNear(summary: RecentSummary, recent: RecentDemand, newest: number): void {
  const mask = recent.length - 1;
  let value = recent[newest & mask] ?? NaN;
  let [sum, known, steps, stepsKnown] = [0, 0, 0, 0];
  let max = value;
  let min = value;
  summary.newest = value;
  for (let ago = 0; ago < 20; ago++) {
    const before = recent[(newest - ago - 1) & mask] ?? NaN;
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
    if (ago === 1) summary.mean2 = sum / known;
    else if (ago === 3) summary.mean4 = sum / known;
  }
  summary.mean20 = sum / known;
  summary.step20 = stepsKnown === 0 ? 0 : steps / stepsKnown;
  summary.max20 = max;
  summary.min20 = min;
  WALK.sum = sum;
  WALK.known = known;
  WALK.steps = steps;
  WALK.stepsKnown = stepsKnown;
}

/** Those before them, up to `span` in all. */
function summarizeFar(summary: RecentSummary, recent: RecentDemand, newest: number, span: number): void {
  const mask = recent.length - 1;
  let { sum, known, steps, stepsKnown } = WALK;
  let max = summary.max20;
  let value = recent[(newest - 20) & mask] ?? NaN;
  for (let ago = 20; ago < span; ago++) {
    const before = recent[(newest - ago - 1) & mask] ?? NaN;
    if (value >= 0) {
      sum += value;
      known++;
      if (value > max) max = value;
    }
    const difference = value - before;
    const step = difference < 0 ? -difference : difference;
    if (step >= 0) {
      steps += step;
      stepsKnown++;
    }
    value = before;
    if (ago === 59) summary.mean60 = sum / known;
    else if (ago === 79) summary.max80 = max;
  }
  summary.mean240 = sum / known;
  summary.step240 = stepsKnown === 0 ? 0 : steps / stepsKnown;
}

/** The same for 80, without steps. */
function summarizeFarValues(summary: RecentSummary, recent: RecentDemand, newest: number): void {
  const mask = recent.length - 1;
  let { sum, known } = WALK;
  let max = summary.max20;
  for (let ago = 20; ago < 80; ago++) {
    const value = recent[(newest - ago) & mask] ?? NaN;
    if (value >= 0) {
      if (ago < 60) {
        sum += value;
        known++;
      }
      if (value > max) max = value;
    }
  }
  summary.mean60 = sum / known;
  summary.max80 = max;
  summary.mean240 = NaN;
  summary.step240 = NaN;
}
