import { advancePath, createPathForecaster, observePath } from '../../loop/analyze/path/path-forecaster.ts';
import { pathQuantiles } from '../../loop/analyze/path/path-quantiles.ts';
import { PATH_LEVELS, type PathPart, type PathTier } from '../../loop/analyze/path/path-shape.ts';
import { coveredShare } from './coverage.ts';
import { ConformalFloor, type FloorName } from './floors.ts';
import { STEP_MS, type EvaluatedSeries } from './read-series.ts';
import { HorizonSums, LOSS_LEVELS, type HorizonScore } from './score.ts';

export interface EvaluationOptions {
  /** Share of each series that is only learned from. */
  readonly history: number;
  readonly origins: number;
  /** Rising, in steps. */
  readonly horizons: readonly number[];
  readonly tier: PathTier;
  readonly floors: readonly FloorName[];
  /** Parts of the forecaster to do without; none when absent. */
  readonly leftOut?: readonly PathPart[];
}

export interface MethodScore {
  readonly name: 'autonomic' | FloorName;
  readonly horizons: readonly HorizonScore[];
}

export interface SeriesScore {
  readonly name: string;
  /** Steps of five minutes, gaps included. */
  readonly steps: number;
  readonly origins: number;
  readonly methods: readonly MethodScore[];
  /** Share within 0.1 … 0.9 of the forecasts made at every step of the rest, just so many steps ahead as each horizon. */
  readonly denseCoverage80: readonly number[];
}

/** One forecast of one step. */
export interface EmittedForecast {
  readonly series: string;
  /** Time of the newest step that is known, ISO 8601: the forecast is for so many steps of five minutes after it. */
  readonly origin: string;
  /** From 1. */
  readonly step: number;
  readonly q: Readonly<Record<string, number>>;
}

/** Steps that must be known before the first origin. */
const LEAST_HISTORY = 24;

/**
 * Walks through the series once; at each origin the forecaster has seen what came until then and nothing else.
 * @returns undefined for a series that is too short
 */
export function evaluateSeries(
  series: EvaluatedSeries,
  options: EvaluationOptions,
  emit: (forecast: EmittedForecast) => void,
): SeriesScore | undefined {
  const origins = originsOf(series.values, options);
  if (origins === undefined) return undefined;
  const own = new PathRun(series, options, emit);
  const atOrigin = new Set(origins);
  const floors = options.floors.map((name) => new FloorRun(name, series, options.horizons));
  for (let step = 0; step < series.values.length; step++) {
    own.observe(step);
    for (const floor of floors) floor.observe(step);
    if (step >= (origins[0] ?? 0)) own.scoreDense(step);
    if (!atOrigin.has(step)) continue;
    own.scoreOrigin(step);
    for (const floor of floors) floor.scoreOrigin(step);
  }
  return {
    name: series.name,
    steps: series.values.length,
    origins: origins.length,
    methods: [
      { name: 'autonomic', horizons: own.scores() },
      ...floors.map((floor) => ({ name: floor.name, horizons: floor.scores() })),
    ],
    denseCoverage80: own.dense(),
  };
}

/** Evenly spaced from the end of the history to the last step after which the longest horizon is still known. */
function originsOf(
  values: Float64Array,
  { history, origins, horizons }: EvaluationOptions,
): number[] | undefined {
  const first = Math.floor(history * values.length) - 1;
  const last = values.length - 1 - (horizons.at(-1) ?? 1);
  if (first < LEAST_HISTORY || last < first) return undefined;
  const count = Math.min(origins, last - first + 1);
  const all = Array.from({ length: count }, (_, i) =>
    Math.round(count === 1 ? first : first + ((last - first) * i) / (count - 1)),
  );
  return [...new Set(all)];
}

class PathRun {
  readonly #series: EvaluatedSeries;
  readonly #sums: readonly HorizonSums[];
  readonly #dense: { covered: number; count: number }[];
  readonly #horizons: readonly number[];
  readonly #forecaster;
  readonly #emit: (forecast: EmittedForecast) => void;

  constructor(
    series: EvaluatedSeries,
    { horizons, tier, leftOut }: EvaluationOptions,
    emit: (forecast: EmittedForecast) => void,
  ) {
    this.#series = series;
    this.#horizons = horizons;
    this.#sums = horizons.map((steps) => new HorizonSums(steps));
    this.#dense = horizons.map(() => ({ covered: 0, count: 0 }));
    this.#forecaster = createPathForecaster(tier, leftOut);
    this.#emit = emit;
  }

  observe(step: number): void {
    // Steps are laid on the forecaster's bins; the time of day moves by less than one.
    const at = Math.floor(this.#series.start / STEP_MS) * STEP_MS + step * STEP_MS;
    const value = this.#series.values[step] ?? NaN;
    if (!Number.isNaN(value)) observePath(this.#forecaster, at, value);
    advancePath(this.#forecaster, at + STEP_MS);
  }

  scoreOrigin(step: number): void {
    const { name, values, times, start } = this.#series;
    const time = times[step] ?? NaN;
    const origin = new Date(Number.isNaN(time) ? start + step * STEP_MS : time).toISOString();
    for (let ahead = 1; ahead <= (this.#horizons.at(-1) ?? 0); ahead++) {
      const quantiles = this.#ask(ahead);
      if (quantiles === undefined) return;
      const entries = PATH_LEVELS.map((level, i): [string, number] => [
        String(level),
        rounded(quantiles[i] ?? 0),
      ]);
      this.#emit({ series: name, origin, step: ahead, q: Object.fromEntries(entries) });
      const actual = values[step + ahead] ?? NaN;
      if (Number.isNaN(actual)) continue;
      for (const sums of this.#sums) if (ahead <= sums.steps) sums.add(actual, quantiles, PATH_LEVELS);
    }
  }

  scoreDense(step: number): void {
    for (const [i, horizon] of this.#horizons.entries()) {
      const actual = this.#series.values[step + horizon] ?? NaN;
      const quantiles = Number.isNaN(actual) ? undefined : this.#ask(horizon);
      const dense = this.#dense[i];
      if (quantiles === undefined || dense === undefined) continue;
      dense.covered += coveredShare(actual, quantiles, PATH_LEVELS, [0.1, 0.9]);
      dense.count++;
    }
  }

  scores(): HorizonScore[] {
    return this.#sums.flatMap((sums) => sums.score() ?? []);
  }

  dense(): number[] {
    return this.#dense.map(({ covered, count }) => covered / count);
  }

  #ask(ahead: number): readonly number[] | undefined {
    return pathQuantiles(this.#forecaster, { horizonSeconds: (ahead * STEP_MS) / 1000 }, PATH_LEVELS);
  }
}

/** Seven digits: single precision has no more. */
function rounded(value: number): number {
  return Number.parseFloat(value.toPrecision(7));
}

class FloorRun {
  readonly name: FloorName;
  readonly #values: Float64Array;
  readonly #bridged: Float64Array;
  readonly #floor: ConformalFloor;
  readonly #sums: readonly HorizonSums[];
  readonly #quantiles: Float64Array;

  constructor(name: FloorName, { values }: EvaluatedSeries, horizons: readonly number[]) {
    const longest = horizons.at(-1) ?? 1;
    this.name = name;
    this.#values = values;
    this.#bridged = new Float64Array(values.length);
    this.#floor = new ConformalFloor(name, longest);
    this.#sums = horizons.map((steps) => new HorizonSums(steps));
    this.#quantiles = new Float64Array(longest * LOSS_LEVELS.length);
  }

  observe(step: number): void {
    const value = this.#values[step] ?? NaN;
    this.#bridged[step] = Number.isNaN(value) ? (this.#bridged[step - 1] ?? 0) : value;
    this.#floor.observe(this.#bridged, step + 1);
  }

  scoreOrigin(step: number): void {
    this.#floor.forecast(this.#bridged, step + 1, LOSS_LEVELS, this.#quantiles);
    for (const [h, sums] of this.#perStep()) {
      const actual = this.#values[step + h] ?? NaN;
      const from = (h - 1) * LOSS_LEVELS.length;
      const quantiles = this.#quantiles.subarray(from, from + LOSS_LEVELS.length);
      if (!Number.isNaN(actual)) sums.add(actual, quantiles, LOSS_LEVELS);
    }
  }

  scores(): HorizonScore[] {
    return this.#sums.flatMap((sums) => sums.score() ?? []);
  }

  *#perStep(): Generator<readonly [number, HorizonSums]> {
    for (const sums of this.#sums) for (let h = 1; h <= sums.steps; h++) yield [h, sums];
  }
}
