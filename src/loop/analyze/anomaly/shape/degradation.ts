import { createTailCalibrator, surprise, type TailCalibrator } from '../surprise/tail-calibrator.ts';

/** Latency that is up while load does not explain it. */
export interface Degradation {
  /** By half octaves of the load: usual logarithm of latency, and minutes that it was learnt from. */
  readonly latency: Float32Array;
  readonly minutes: Float32Array;
  /** Mean distance from it, in logarithms. */
  spread: number;
  /** The last residuals: latency is up when three minutes are. */
  readonly residuals: Float64Array;
  count: number;
  readonly calibrator: TailCalibrator;
}

export interface DegradationFinding {
  /** −log10 p, 0 … 12; NaN when it cannot be told: unknown numbers, or a load that was not seen before. */
  readonly surprise: number;
  /** Latency that is usual at this load, in the unit of the latency. */
  readonly expected: number;
  /** The minute itself has come more than half of the way back from the mean of the three that the surprise is of. */
  readonly isBack: boolean;
}

const UNKNOWN: DegradationFinding = { surprise: NaN, expected: NaN, isBack: false };

/** Half octaves from 2^−10 to 2^22 requests per second. */
const BINS = 64;
const LOWEST_OCTAVE = -10;
/** Fewer minutes at a load say little of what is usual there. */
const LEAST_MINUTES = 30;
/** A week of minutes at one load: releases change what is usual. */
const LONGEST_MEMORY = 3000;
const SMOOTHED = 3;
const CLIP = 3;
const BACK_SHARE = 0.5;
const LEAST_SPREAD = 0.01;
/** Two weeks. */
const EFFECTIVE_MINUTES = 20_160;

export function createDegradation(): Degradation {
  return {
    latency: new Float32Array(BINS),
    minutes: new Float32Array(BINS),
    spread: 0.2,
    residuals: new Float64Array(SMOOTHED).fill(NaN),
    count: 0,
    calibrator: createTailCalibrator({ effectiveSamples: EFFECTIVE_MINUTES, robust: true }),
  };
}

/** One minute: latency in any unit above 0, load in requests per second. Reads before it learns. */
export function observeDegradation(state: Degradation, latency: number, load: number): DegradationFinding {
  if (!(latency > 0 && latency < Infinity && load > 0 && load < Infinity)) return UNKNOWN;
  const bin = Math.floor(2 * (Math.log2(load) - LOWEST_OCTAVE));
  const minutes = state.minutes[bin];
  if (minutes === undefined) return UNKNOWN;
  const log = Math.log(latency);
  const usual = state.latency[bin] ?? NaN;
  const known = minutes >= LEAST_MINUTES;
  const residual = minutes > 0 ? log - usual : NaN;
  if (known) {
    state.residuals[state.count % SMOOTHED] = residual;
    state.count += 1;
  }
  const mean = meanOf(state.residuals);
  const up = known ? surprise(state.calibrator, Math.max(0, mean) / state.spread) : NaN;
  learn(state, bin, log);
  return { surprise: up, expected: known ? Math.exp(usual) : NaN, isBack: residual < BACK_SHARE * mean };
}

function learn(state: Degradation, bin: number, log: number): void {
  const minutes = Math.min(LONGEST_MEMORY, (state.minutes[bin] ?? 0) + 1);
  const usual = minutes === 1 ? log : (state.latency[bin] ?? log);
  const limit = CLIP * state.spread;
  // What is far off moves what is usual no more than what is somewhat off.
  const residual = minutes > LEAST_MINUTES ? Math.max(-limit, Math.min(limit, log - usual)) : log - usual;
  state.latency[bin] = usual + residual / minutes;
  state.minutes[bin] = minutes;
  if (minutes > 1) {
    const rate = Math.max(1 / LONGEST_MEMORY, 1 / (minutes + 10));
    state.spread = Math.max(LEAST_SPREAD, state.spread + rate * (Math.abs(residual) - state.spread));
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
