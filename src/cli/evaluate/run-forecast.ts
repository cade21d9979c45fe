import { closeSync, openSync, writeSync } from 'node:fs';
import { Progress } from '../backtest/progress.ts';
import { InputError, type Terminal } from '../verb.ts';
import {
  evaluateSeries,
  type EmittedForecast,
  type EvaluationOptions,
  type SeriesScore,
} from './evaluate-series.ts';
import { FLOORS } from './floors.ts';
import { parseForecastFlags, type ForecastFlags } from './forecast-flags.ts';
import type { ForecastResult } from './forecast-result.ts';
import { forecastTable } from './forecast-table.ts';
import { readSeries, type EvaluatedSeries } from './read-series.ts';
import { summarize } from './summary.ts';

/** @throws UsageError, InputError */
export function runForecast(args: readonly string[], terminal: Terminal): void {
  const flags = parseForecastFlags(args);
  const warn = (message: string): void => terminal.err(`warning: ${message}\n`);
  const config: EvaluationOptions = {
    history: flags.history,
    origins: flags.origins,
    horizons: flags.horizons,
    tier: flags.tier,
    floors: flags.floors ? FLOORS : ['seasonal-naive'],
  };
  const all = readSeries(flags, warn);
  const progress =
    flags.progress || terminal.interactive === true
      ? new Progress(terminal, all.length, Date.now, 'series')
      : undefined;
  const scores = evaluateAll(all, config, { flags, warn, done: () => progress?.advance() });
  progress?.clear();
  const result: ForecastResult = { config, series: scores, summary: summarize(scores, flags.horizons) };
  terminal.out(
    flags.format === 'json'
      ? `${JSON.stringify(result, null, 2)}\n`
      : forecastTable(result, flags.format === 'wide'),
  );
}

interface Listeners {
  readonly flags: ForecastFlags;
  readonly warn: (message: string) => void;
  readonly done: () => void;
}

function evaluateAll(
  all: readonly EvaluatedSeries[],
  config: EvaluationOptions,
  { flags, warn, done }: Listeners,
): SeriesScore[] {
  const lines = flags.emit === undefined ? undefined : new LineFile(flags.emit);
  try {
    const scores = all.flatMap((series) => {
      const score = evaluateSeries(series, config, (forecast) => lines?.write(forecast));
      if (score === undefined) warn(`${series.name}: ${tooShort(series, config)}; left out`);
      done();
      return score ?? [];
    });
    if (scores.length > 0) return scores;
    const [first] = all;
    const why = first === undefined ? 'there is none' : tooShort(first, config);
    throw new InputError(`no series can be evaluated: ${why}; use longer series or shorter --horizons`);
  } finally {
    lines?.close();
  }
}

function tooShort({ values }: EvaluatedSeries, { history, horizons }: EvaluationOptions): string {
  const left = values.length - Math.floor(history * values.length);
  return `${values.length} steps of five minutes leave ${left} after the history, and the longest horizon needs ${horizons.at(-1) ?? 0}`;
}

const CHUNK = 1 << 20;

/** One JSON object a line, written in chunks as they come. */
class LineFile {
  readonly #file: number;
  #pending = '';

  /** @throws InputError when the file cannot be written */
  constructor(path: string) {
    try {
      this.#file = openSync(path, 'w');
    } catch (error) {
      throw new InputError(`--emit ${path}: ${(error as Error).message}`, { cause: error });
    }
  }

  write(forecast: EmittedForecast): void {
    this.#pending += `${JSON.stringify(forecast)}\n`;
    if (this.#pending.length >= CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#pending);
    this.#pending = '';
  }
}
