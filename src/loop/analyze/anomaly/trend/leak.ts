import { judgeLeak, type LeakFinding, type MemoryPast } from './leak-judgement.ts';
import { addSample, clearThinnedBins, createThinnedBins, type ThinnedBins } from './thinned-bins.ts';

export type { LeakFinding } from './leak-judgement.ts';

/**
 * Memory of one workload that grows with nothing to show for it, and when it reaches the limit. Growth that requests
 * explain, that slows down (a cache warming up), that falls back (garbage collection) or that was one jump (a release)
 * is no leak. State: less than 3 KiB.
 */
export interface LeakWatch extends MemoryPast {
  /** All of the past, up to two days and a half. */
  readonly long: LeakScale;
  /** Hours, in finer steps: a leak of a process that has run for days before is over before `long` sees it. */
  readonly recent: LeakScale;
  oldestPodStartedAt: number;
  peakBytes: number;
  recoveredPeakBytes: number;
  /** Times in ms since the epoch; NaN before the first. */
  fellAt: number;
  observedAt: number;
  /** Of the time between two evaluations, 0 … 1: the watches of a fleet evaluate one after the other. */
  phase: number;
}

/** One length of the past. */
interface LeakScale {
  /** Columns: mean working set in bytes, mean demand, largest working set. */
  readonly bins: ThinnedBins;
  /** When the bins are looked at next and were looked at last; NaN for not. */
  dueAt: number;
  evaluatedAt: number;
  slowsDown: boolean;
  /** So many evaluations in a row have to find a leak. */
  readonly enough: number;
  readonly leastGrowth: number;
  /** Evaluations in a row that found the present finding, and that have missed it. */
  confirmations: number;
  misses: number;
  found: LeakFinding | undefined;
}

export interface LeakSample {
  /** ms since the epoch. */
  readonly now: number;
  /** Of the pod that has run longest, or the mean or largest of all pods: always the same one of these. NaN = unknown. */
  readonly workingSetBytes: number;
  /** Memory limit of the same; NaN without a limit. */
  readonly limitBytes: number;
  /** What memory may follow: requests per second or CPU cores, per pod. NaN = unknown. */
  readonly demand: number;
  /** When it started, ms since the epoch: a later one than before begins anew. NaN = unknown. */
  readonly oldestPodStartedAt: number;
}

const FIRST_STEP_MS = 120_000;
/** Growth by a smaller share of the limit is what processes do. 112 bins of half an hour and a bit are two days and a half. */
const LONG = { capacity: 112, maxStepMs: 1_920_000, confirmations: 2, leastGrowth: 0.08 };
/** 64 bins of eight minutes are eight hours and a half: a part of a day, which looks like growth more often. */
const RECENT = { capacity: 64, maxStepMs: 480_000, confirmations: 4, leastGrowth: 0.15 };
const HOUR_MS = 3_600_000;
/** Nearby evaluations see nearly the same points: more would cost time and tell nothing. */
const EVALUATE_EVERY_MS = 960_000;
/** A fall by a tenth is a collection or an eviction. */
const FALL_SHARE = 0.9;
const MISSES = 5;
const DEMAND_RATE = 0.02;
const GOLDEN_RATIO = 0.618033988749895;

export function createLeakWatch(): LeakWatch {
  return {
    long: createScale(LONG),
    recent: createScale(RECENT),
    demandByHour: new Float32Array(24).fill(NaN),
    oldestPodStartedAt: NaN,
    peakBytes: NaN,
    recoveredPeakBytes: NaN,
    fellAt: NaN,
    observedAt: NaN,
    phase: NaN,
  };
}

function createScale({ capacity, maxStepMs, confirmations, leastGrowth }: typeof LONG): LeakScale {
  const bins = createThinnedBins({ capacity, maxStepMs, means: 2, firstStepMs: FIRST_STEP_MS });
  return {
    bins,
    enough: confirmations,
    leastGrowth,
    dueAt: NaN,
    evaluatedAt: NaN,
    slowsDown: false,
    confirmations: 0,
    misses: 0,
    found: undefined,
  };
}

/** Takes in a sample, a tick or a minute apart, and answers with the leak there is at the moment. */
export function observeLeak(watch: LeakWatch, sample: LeakSample): LeakFinding | undefined {
  const { now, workingSetBytes, demand, limitBytes } = sample;
  if (!Number.isFinite(now) || now <= watch.observedAt - HOUR_MS) {
    restart(watch, now);
    return;
  }
  if (sample.oldestPodStartedAt > watch.oldestPodStartedAt) restart(watch, now);
  if (!Number.isNaN(sample.oldestPodStartedAt)) watch.oldestPodStartedAt = sample.oldestPodStartedAt;
  watch.observedAt = now;
  const bytes = knownPositive(workingSetBytes);
  const driver = knownPositive(demand);
  if (Number.isNaN(watch.phase) && bytes > 0) watch.phase = (bytes * GOLDEN_RATIO) % 1;
  learn(watch, now, bytes, driver);
  for (const scale of [watch.long, watch.recent]) {
    const closed = addSample(scale.bins, now, bytes, driver);
    if (isDue(scale, { now, closed, phase: watch.phase || 0 })) evaluate(watch, scale, { limitBytes, now });
  }
  return watch.long.found ?? watch.recent.found;
}

function knownPositive(value: number): number {
  return value >= 0 && value < Infinity ? value : NaN;
}

interface Moment {
  readonly now: number;
  /** Bins were closed by this sample. */
  readonly closed: boolean;
  readonly phase: number;
}

/** Up to half of the time between two evaluations after a bin was closed: bins of all watches are closed at the same time. */
function isDue(scale: LeakScale, { now, closed, phase }: Moment): boolean {
  const every = Math.max(EVALUATE_EVERY_MS, scale.bins.stepMs);
  if (closed && Number.isNaN(scale.dueAt) && !(now - scale.evaluatedAt < every / 2)) {
    scale.dueAt = now + phase * (every / 2);
  }
  if (!(now >= scale.dueAt)) return false;
  scale.dueAt = NaN;
  scale.evaluatedAt = now;
  return true;
}

function evaluate(
  watch: LeakWatch,
  scale: LeakScale,
  at: { readonly limitBytes: number; readonly now: number },
): void {
  // Until its oldest bin goes, the shorter past is the same as the longer one.
  if (scale === watch.recent && !(scale.bins.startedAt > watch.long.bins.startedAt)) return;
  const { finding, slowsDown } = judgeLeak(scale.bins, watch, { ...at, leastGrowth: scale.leastGrowth });
  scale.slowsDown = slowsDown;
  const isEnd = scale === watch.recent && watch.long.slowsDown;
  settle(scale, isEnd ? undefined : finding);
}

function restart(watch: LeakWatch, now: number): void {
  for (const scale of [watch.long, watch.recent]) {
    clearThinnedBins(scale.bins);
    scale.dueAt = NaN;
    scale.evaluatedAt = NaN;
    scale.slowsDown = false;
    scale.confirmations = 0;
    scale.misses = 0;
    scale.found = undefined;
  }
  watch.peakBytes = NaN;
  watch.fellAt = NaN;
  watch.observedAt = now;
}

function learn(watch: LeakWatch, now: number, bytes: number, demand: number): void {
  const hour = Math.floor(now / HOUR_MS) % 24;
  const usual = watch.demandByHour[hour] ?? NaN;
  if (!Number.isNaN(demand)) {
    watch.demandByHour[hour] = Number.isNaN(usual) ? demand : usual + DEMAND_RATE * (demand - usual);
  }
  if (Number.isNaN(bytes)) return;
  if (bytes < FALL_SHARE * watch.peakBytes) {
    if (!(watch.peakBytes <= watch.recoveredPeakBytes)) watch.recoveredPeakBytes = watch.peakBytes;
    watch.peakBytes = bytes;
    watch.fellAt = now;
  } else if (!(bytes <= watch.peakBytes)) watch.peakBytes = bytes;
}

/** A leak is one when it was found a few times in a row, and over when it was not a few times: points at the edge come and go. */
function settle(scale: LeakScale, finding: LeakFinding | undefined): void {
  if (finding === undefined) {
    scale.confirmations = 0;
    scale.misses += 1;
    if (scale.misses >= MISSES) scale.found = undefined;
    return;
  }
  scale.confirmations += 1;
  scale.misses = 0;
  if (scale.confirmations >= scale.enough || scale.found !== undefined) scale.found = finding;
}
