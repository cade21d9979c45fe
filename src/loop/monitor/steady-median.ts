import { KEPT } from './startup-ring.ts';

/** A median that differs by more than this factor is another one: 3.7 standard errors of 32 starts that vary by 40 %. */
const CLEAR_RATIO = 1.4;

/** Starts over which slighter differences are averaged out. */
const MEMORY = 96;

/**
 * The median start-up time that plans are made with. That of the last 32 starts scatters by a tenth, and forecasts that
 * follow it forget each time a part of what they knew: on the development traces that costs 10 % with two minutes of start-up.
 * @param steady the one before, seconds; undefined before the first
 * @param measured of the last starts, seconds
 * @param starts so far
 */
export function steadyMedian(steady: number | undefined, measured: number, starts: number): number {
  // Until so many were seen the measured one is that of all of them.
  if (steady === undefined || starts <= KEPT) return measured;
  const ratio = measured / steady;
  if (ratio > CLEAR_RATIO || ratio < 1 / CLEAR_RATIO) return measured;
  const next = steady * ratio ** (1 / Math.min(MEMORY, starts - KEPT + 1));
  return Math.round(1000 * next) / 1000;
}
