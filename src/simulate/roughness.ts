import { normal, type Random } from './random.ts';
import type { Trace } from './trace-demand.ts';

/** Weight of the newest squared step in the running variance; the first steps are averaged evenly. */
const SMOOTHING = 0.05;
const EVEN_STEPS = 20;
/** An interval this many times the usual one is a gap: how rough it was inside cannot be known, so it stays straight. */
const GAP = 3;

export interface Roughness {
  readonly trace: Trace;
  /** Requests per second for each unit of the trace. */
  readonly scale: number;
  readonly tickSeconds: number;
  readonly random: Random;
}

/**
 * Replaces the straight lines between samples by Brownian bridges, in place: what a sampled load does in between is
 * about as rough as its own steps. The variance of a step is an exponentially weighted mean of the squared steps so
 * far; rates stay at least 0. `line` holds requests per second, its first tick at the first sample.
 */
export function addRoughness(line: Float64Array, { trace, scale, tickSeconds, random }: Roughness): void {
  const { times, values } = trace;
  const tickMs = tickSeconds * 1000;
  const start = times[0] ?? 0;
  const usual = medianInterval(times);
  let variance = 0;
  let steps = 0;
  for (let i = 0; i + 1 < times.length; i += 1) {
    const from = times[i] ?? 0;
    const to = times[i + 1] ?? 0;
    if (to - from > GAP * usual) continue;
    const step = ((values[i + 1] ?? 0) - (values[i] ?? 0)) * scale;
    steps += 1;
    // Variance grows with time, so that a shorter or longer interval counts as one of the usual length.
    const squared = (step * step * usual) / (to - from);
    variance += (squared - variance) * Math.max(SMOOTHING, steps <= EVEN_STEPS ? 1 / steps : 0);
    const firstTick = Math.ceil((from - start) / tickMs);
    const lastTick = Math.min(line.length - 1, Math.ceil((to - start) / tickMs));
    bridge(line.subarray(firstTick, lastTick + 1), Math.sqrt((variance * tickMs) / usual), random);
  }
}

/** Adds a Brownian path that is 0 at both ends of `part`; `deviation` is that of one tick's step. */
function bridge(part: Float64Array, deviation: number, random: Random): void {
  const last = part.length - 1;
  if (last < 2) return;
  const path = new Float64Array(part.length);
  for (let i = 1; i <= last; i += 1) path[i] = (path[i - 1] ?? 0) + deviation * normal(random);
  const end = path[last] ?? 0;
  for (let i = 1; i < last; i += 1) {
    part[i] = Math.max(0, (part[i] ?? 0) + (path[i] ?? 0) - (end * i) / last);
  }
}

function medianInterval(times: Float64Array): number {
  const intervals = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  return intervals.sort()[intervals.length >>> 1] ?? 0;
}
