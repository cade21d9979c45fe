/** The replicas that a workload's demand asked for, now and in each of the last minutes. */
export interface Needs {
  /** By minute modulo its length: the last value of that minute; NaN when there was none. */
  readonly minutes: Float32Array;
  /** The minute that `minutes` reaches to; NaN before the first value. */
  minute: number;
  latest: number;
}

/** How many full minutes are looked back at (reliability, F32: within five minutes). */
export const NEED_MINUTES = 5;

const LENGTH = NEED_MINUTES + 1;
const MINUTE_MS = 60_000;

export function createNeeds(): Needs {
  return { minutes: new Float32Array(LENGTH).fill(NaN), minute: NaN, latest: NaN };
}

/** `replicas`: NaN while nobody knows. */
export function noteNeed(needs: Needs, now: number, replicas: number): void {
  const minute = Math.floor(now / MINUTE_MS);
  const passed = minute - needs.minute;
  if (!(passed >= 0 && passed < LENGTH)) needs.minutes.fill(NaN);
  else for (let m = needs.minute + 1; m <= minute; m += 1) needs.minutes[m % LENGTH] = NaN;
  needs.minute = minute;
  needs.latest = replicas;
  needs.minutes[minute % LENGTH] = replicas;
}

export function forgetNeeds(needs: Needs): void {
  needs.minutes.fill(NaN);
  needs.latest = NaN;
}

export function latestNeed({ latest }: Needs): number {
  return latest;
}

/** The last value of the minute that was so many minutes before the newest one; NaN when there was none. */
export function needAgo({ minutes, minute }: Needs, ago: number): number {
  return minute >= ago ? (minutes[(minute - ago) % LENGTH] ?? NaN) : NaN;
}
