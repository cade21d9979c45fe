import { BINS_PER_DAY } from '../../monitor/series.ts';

/** Levels and scales that follow the series minute by minute, in the unit of demand. */
export interface LevelState {
  /** Exponentially weighted means with weights 0.4 and 0.07 for the newest minute. */
  fast: number;
  slow: number;
  /** Mean absolute step from `fast`, half-lives 10 minutes and one day. */
  swing: number;
  swingDay: number;
  /** Largest demand seen, forgotten with a half-life of 8 days. */
  record: number;
  /** Share of minutes with a sample while the series flows: 1 for a scrape interval up to a minute. */
  presence: number;
  minutes: number;
  lastBin: number;
}

/** After so many silent minutes old levels say nothing about now, and the step across the gap is no swing. */
const RESEED_AFTER_BINS = 15;

const SWING_RATE = 1 - 0.5 ** (1 / 10);
const SWING_DAY_RATE = 1 - 0.5 ** (1 / BINS_PER_DAY);
const RECORD_DECAY = 0.5 ** (1 / (8 * BINS_PER_DAY));
const PRESENCE_RATE = 1 / 60;

export function createLevel(): LevelState {
  return {
    fast: 0,
    slow: 0,
    swing: 0,
    swingDay: 0,
    record: 0,
    presence: 1,
    minutes: 0,
    lastBin: -1,
  };
}

/** Takes in the demand `x` of the minute `bin`, which is later than the last one taken in. */
export function advanceLevel(level: LevelState, bin: number, x: number): void {
  const silent = level.minutes === 0 ? 0 : bin - level.lastBin - 1;
  level.lastBin = bin;
  level.minutes++;
  level.record = Math.max(x, level.record * RECORD_DECAY);
  for (let i = 0; i < Math.min(silent, RESEED_AFTER_BINS); i++)
    level.presence -= PRESENCE_RATE * level.presence;
  level.presence += PRESENCE_RATE * (1 - level.presence);
  if (level.minutes === 1 || silent > RESEED_AFTER_BINS || silent < 0) {
    level.fast = x;
    level.slow = x;
    return;
  }
  const swing = Math.abs(x - level.fast);
  // A plain mean while young: an exponential one would remember its arbitrary start.
  const youngRate = 1 / (level.minutes - 1);
  level.swing += Math.max(SWING_RATE, youngRate) * (swing - level.swing);
  level.swingDay += Math.max(SWING_DAY_RATE, youngRate) * (swing - level.swingDay);
  level.fast += 0.4 * (x - level.fast);
  level.slow += 0.07 * (x - level.slow);
}
