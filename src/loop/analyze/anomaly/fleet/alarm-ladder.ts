/**
 * How often a series would have raised an alarm at each of a ladder of thresholds, so that thresholds for a whole fleet
 * can be set from a budget without keeping a single score: some 200 bytes a series, which add up over the fleet.
 */
export interface AlarmLadder {
  /** Alarms begun at each rung of `RUNGS`, in units of `gain`. */
  readonly alarms: Float32Array;
  /** Seconds since a score was last at or above each rung, up to 65,535. */
  readonly quietSeconds: Uint16Array;
  /** Seconds that were counted, in units of `gain`. */
  observedSeconds: number;
  /** Seconds that the series was watched before anything counts. */
  warmUpSeconds: number;
  /** Forgetting is lazy: new alarms count more instead of old ones less. */
  gain: number;
}

/** What a ladder, or a fleet of them, has counted. */
export interface AlarmCounts {
  /** At each rung of `RUNGS`. */
  readonly alarms: Float64Array;
  readonly seriesWeeks: number;
}

const RUNG_COUNT = 40;
const LOWEST_RUNG = 1.5;
const RUNGS_SPAN = 32;

/**
 * Scores in −log₁₀ p, 9 % apart: from one in 30 points past the 12 where surprises end, up to what many metrics that are
 * all surprised add up to.
 */
export const RUNGS: Float64Array = Float64Array.from(
  { length: RUNG_COUNT },
  (_, i) => LOWEST_RUNG * RUNGS_SPAN ** (i / (RUNG_COUNT - 1)),
);

/** Quiet for an hour, and the next score above the threshold is another alarm. */
const EPISODE_GAP_SECONDS = 3600;
/**
 * What a detector says in its first week is about its learning: thresholds that count it come out a sixth higher on the
 * development services, for alarms that never come again.
 */
const WARM_UP_SECONDS = 7 * 86_400;
/** Mean age of what is remembered. */
const REMEMBERED_SECONDS = 14 * 86_400;
const WEEK_SECONDS = 7 * 86_400;
const MOST_SECONDS = 65_535;
/** Single precision still tells one alarm among weeks of them. */
const GAIN_LIMIT = 1e4;

export function createAlarmLadder(): AlarmLadder {
  return {
    alarms: new Float32Array(RUNGS.length),
    quietSeconds: new Uint16Array(RUNGS.length).fill(MOST_SECONDS),
    observedSeconds: 0,
    warmUpSeconds: WARM_UP_SECONDS,
    gain: 1,
  };
}

export function copyLadder(ladder: AlarmLadder): AlarmLadder {
  return { ...ladder, alarms: ladder.alarms.slice(), quietSeconds: ladder.quietSeconds.slice() };
}

/** Counts a score that stands for `stepSeconds`. NaN, which is unknown, only lets time pass: nothing was watched. */
export function observeLadder(ladder: AlarmLadder, score: number, stepSeconds: number): void {
  const { alarms, quietSeconds } = ladder;
  const counts = ladder.warmUpSeconds <= 0;
  if (!Number.isNaN(score)) watch(ladder, stepSeconds);
  for (let rung = 0; rung < RUNGS.length; rung++) {
    const quiet = (quietSeconds[rung] ?? 0) + stepSeconds;
    const above = score >= (RUNGS[rung] ?? Infinity);
    if (counts && above && quiet > EPISODE_GAP_SECONDS) alarms[rung] = (alarms[rung] ?? 0) + ladder.gain;
    quietSeconds[rung] = above ? 0 : Math.min(MOST_SECONDS, quiet);
  }
}

function watch(ladder: AlarmLadder, seconds: number): void {
  if (ladder.warmUpSeconds > 0) {
    ladder.warmUpSeconds -= seconds;
    return;
  }
  ladder.gain *= Math.exp(seconds / REMEMBERED_SECONDS);
  ladder.observedSeconds += seconds * ladder.gain;
  if (ladder.gain <= GAIN_LIMIT) return;
  for (let rung = 0; rung < RUNGS.length; rung++) {
    ladder.alarms[rung] = (ladder.alarms[rung] ?? 0) / ladder.gain;
  }
  ladder.observedSeconds /= ladder.gain;
  ladder.gain = 1;
}

/** Counts of a fleet, or of one series: the sum over them, each as of its own last observation. */
export function mergeLadders(ladders: Iterable<AlarmLadder>): AlarmCounts {
  const alarms = new Float64Array(RUNGS.length);
  let seriesWeeks = 0;
  for (const ladder of ladders) {
    const share = 1 / ladder.gain;
    for (let rung = 0; rung < RUNGS.length; rung++) {
      alarms[rung] = (alarms[rung] ?? 0) + (ladder.alarms[rung] ?? 0) * share;
    }
    seriesWeeks += (ladder.observedSeconds * share) / WEEK_SECONDS;
  }
  return { alarms, seriesWeeks };
}
