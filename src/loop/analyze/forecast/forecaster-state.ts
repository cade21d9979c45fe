import {
  binMax,
  createSeries,
  recordSample,
  type DemandSeries,
  type SampleOutcome,
} from '../../monitor/series.ts';
import { STRIDE_MINUTES, WINDOW_MINUTES } from './horizons.ts';
import { advanceLevel, createLevel, type LevelState } from './level.ts';
import { createWindowModel, dropPending, issue, resolve, type WindowModel } from './window-model.ts';

/**
 * Before that the size of an ordinary error is unknown, and the first errors, divided by almost nothing, would
 * stay among the residuals for half a day.
 */
const WARM_UP_MINUTES = 10;

/**
 * The whole state for one demand series, about 100 KB: plain numbers and typed arrays, so that
 * `structuredClone` copies it and a checkpoint can store it. The same samples give the same state.
 */
export interface DemandForecaster {
  readonly series: DemandSeries;
  readonly level: LevelState;
  /** One for each of `WINDOW_MINUTES`. */
  readonly windows: readonly WindowModel[];
}

export function createDemandForecaster(): DemandForecaster {
  return {
    series: createSeries(),
    level: createLevel(),
    windows: WINDOW_MINUTES.map((minutes, i) => createWindowModel(minutes, STRIDE_MINUTES[i] ?? 1)),
  };
}

/**
 * Takes in one sample of total demand (requests per second, cores, …), in any unit but always the same. `at` is the
 * sample's own time, `now` the local clock, both in ms since the epoch. History comes first and in time order: what arrives later than a newer sample still fills
 * its minute, for the season's sake, but teaches no more.
 */
export function observeDemand(
  state: DemandForecaster,
  at: number,
  value: number,
  now: number,
): SampleOutcome {
  const { series, level, windows } = state;
  const outcome = recordSample(series, { at, value }, now);
  if (outcome.status !== 'Accepted') return outcome;
  if (outcome.rewound) for (const window of windows) dropPending(window);
  for (let bin = outcome.closedFrom; bin <= outcome.closedTo; bin++) closeMinute(state, bin);
  level.record = Math.max(level.record, value);
  return outcome;
}

function closeMinute({ series, level, windows }: DemandForecaster, bin: number): void {
  const x = binMax(series, bin);
  const known = !Number.isNaN(x);
  for (const window of windows) resolve(window, series, bin, level.presence);
  if (!known) return;
  advanceLevel(level, bin, x);
  if (level.minutes < WARM_UP_MINUTES) return;
  for (const window of windows) issue(window, series, level, { bin, x });
}
