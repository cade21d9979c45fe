import type { ScalingProfile } from './profile.ts';

/**
 * The recommendations that can still count, oldest first, and their times in ms since the epoch. Each is smaller than
 * those before it: an older one that is not larger than a newer one will never be the largest again.
 */
export interface ScaleDownHold {
  readonly times: number[];
  readonly replicas: number[];
  /** Time of the newest; NaN before the first. */
  newest: number;
}

/** What is recommended now. */
export interface Recommendation {
  /** Ms since the epoch. */
  readonly now: number;
  readonly replicas: number;
  readonly current: number;
}

/** After so long a silence, far longer than between two decisions, nothing is known of the time in between. */
const SILENCE_MS = 600_000;

export function createScaleDownHold(): ScaleDownHold {
  return { times: [], replicas: [], newest: NaN };
}

/**
 * Notes a recommendation and returns the replicas it may change `current` to. At the start, after a long silence, and
 * when the clock ran backwards the current replicas count as recommended just now, as HPA does it
 * (stabilizeRecommendation in horizontal.go): nothing is given back before a whole hold has been watched.
 */
export function holdScaleDown(
  hold: ScaleDownHold,
  { holdSeconds, deadBand }: ScalingProfile,
  { now, replicas, current }: Recommendation,
): number {
  const silence = now - hold.newest;
  if (!(silence >= 0 && silence <= SILENCE_MS)) {
    hold.times.splice(0, Infinity, now);
    hold.replicas.splice(0, Infinity, current);
  }
  const oldest = now - 1000 * holdSeconds;
  while ((hold.times[0] ?? Infinity) < oldest) {
    hold.times.shift();
    hold.replicas.shift();
  }
  while ((hold.replicas.at(-1) ?? Infinity) <= replicas) {
    hold.times.pop();
    hold.replicas.pop();
  }
  hold.times.push(now);
  hold.replicas.push(replicas);
  hold.newest = now;
  const held = hold.replicas[0] ?? replicas;
  if (replicas >= current) return replicas;
  return held >= current || held > current * (1 - deadBand) ? current : held;
}
