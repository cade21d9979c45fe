/**
 * How good are the peak forecasts on measured series, and what do they cost?
 *
 *   node bench/forecast.ts [data folder, default ../shared/data]
 *
 * Every minute of the last 40 % of each series, the largest value of the next 2, 5 or 15 minutes is forecast from
 * what was known then, and compared with what came. The yardstick is the last value plus the quantile of its
 * last 720 errors for that window. Quantile losses are given as ratio to the yardstick's, summarised by the geometric mean.
 * Hyper-parameters were chosen on the series marked `tuned`; the others took no part.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  createDemandForecaster,
  forecastPeak,
  observeDemand,
  type DemandForecaster,
} from '../src/loop/analyze/forecast/forecaster.ts';
import { createSortedRing, ringAdd, ringQuantile } from '../src/loop/analyze/forecast/sorted-ring.ts';

const FOLDERS = ['cloudcluster', 'crane'];
const TUNED = new Set(['cluster2', 'cluster5', 'cluster7', 'input0', 'input2', 'input4', 'input6']);
const WINDOWS = [2, 5, 15];
const LEVELS = [0.5, 0.95, 0.99];
const HISTORY_SHARE = 0.6;
const YARDSTICK_ERRORS = 720;
const MINUTE = 60_000;

interface Series {
  readonly name: string;
  readonly at: number[];
  readonly value: number[];
}

interface Result {
  readonly series: string;
  readonly window: number;
  readonly level: number;
  readonly loss: number;
  readonly yardstickLoss: number;
  readonly coverage: number;
  /** Coverage as the forecaster itself reports it at the end of the series. */
  readonly reported: number | undefined;
  readonly reliable: boolean;
}

function read(folder: string): Series[] {
  return FOLDERS.flatMap((family) =>
    readdirSync(join(folder, family))
      .filter((file) => file.endsWith('.csv.gz'))
      .sort()
      .map((file) => parse(join(folder, family, file))),
  );
}

function parse(path: string): Series {
  const rows = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n').slice(1);
  const series: Series = { name: basename(path).split(/[_.]/)[0]!, at: [], value: [] };
  for (const row of rows) {
    const [time, value] = row.split(',');
    series.at.push(/^\d+$/.test(time!) ? Number.parseInt(time!, 10) * 1000 : Date.parse(`${time!}Z`));
    series.value.push(Number.parseFloat(value!));
  }
  return series;
}

/** Maximum over the samples within (at[i], at[i] + minutes]; undefined when the series ends before. */
function peakAfter({ at, value }: Series, i: number, minutes: number): number | undefined {
  const until = at[i]! + minutes * MINUTE;
  if (at.at(-1)! < until) return undefined;
  let max = -Infinity;
  for (let j = i + 1; j < at.length && at[j]! <= until; j++) max = Math.max(max, value[j]!);
  return max === -Infinity ? undefined : max;
}

function evaluate(series: Series): Result[] {
  const from = Math.floor(series.at.length * HISTORY_SHARE);
  const state = createDemandForecaster();
  const cells = WINDOWS.flatMap((window) =>
    LEVELS.map((level) => ({ window, level, loss: 0, yardstickLoss: 0, hits: 0, count: 0 })),
  );
  const errors = WINDOWS.map(() => createSortedRing(YARDSTICK_ERRORS));
  series.at.forEach((at, i) => {
    observeDemand(state, at, series.value[i]!, at);
    WINDOWS.forEach((window, w) => {
      const ring = errors[w]!;
      const known = i >= window ? peakAfter(series, i - window, window) : undefined;
      if (known !== undefined) ringAdd(ring, known - series.value[i - window]!);
      const peak = i >= from ? peakAfter(series, i, window) : undefined;
      if (peak === undefined) return;
      for (const cell of cells.filter((c) => c.window === window)) {
        const upper = ask(state, { at, window, level: cell.level })?.upper ?? NaN;
        cell.loss += quantileLoss(peak, upper, cell.level);
        const yardstick = Math.max(0, series.value[i]! + ringQuantile(ring, cell.level));
        cell.yardstickLoss += quantileLoss(peak, yardstick, cell.level);
        cell.count++;
        if (peak <= upper) cell.hits++;
      }
    });
  });
  return cells.map(({ window, level, loss, yardstickLoss, hits, count }) => {
    const last = ask(state, { at: series.at.at(-1)!, window, level });
    const reported = last?.coverage;
    return {
      series: series.name,
      window,
      level,
      loss,
      yardstickLoss,
      coverage: hits / count,
      reported,
      reliable: last?.reliable ?? false,
    };
  });
}

function ask(state: DemandForecaster, { at, window, level }: { at: number; window: number; level: number }) {
  const forecast = forecastPeak(state, { now: at, leadSeconds: window * 60, confidence: level });
  return 'absent' in forecast ? undefined : forecast;
}

function quantileLoss(actual: number, forecast: number, level: number): number {
  return actual > forecast ? level * (actual - forecast) : (1 - level) * (forecast - actual);
}

function summary(results: Result[], label: string): void {
  console.log(`\n${label}: loss relative to the yardstick (share of peaks covered) [worst series' coverage]`);
  for (const window of WINDOWS) {
    const cells = LEVELS.map((level) => {
      const rows = results.filter((row) => row.window === window && row.level === level);
      const logs = rows.map((row) => Math.log(row.loss / row.yardstickLoss));
      const ratio = Math.exp(mean(logs)).toFixed(3);
      const worst = Math.min(...rows.map((row) => row.coverage)).toFixed(3);
      return `${level}: ${ratio} (${mean(rows.map((row) => row.coverage)).toFixed(3)}) [${worst}]`;
    });
    console.log(`  ${String(window).padStart(2)} min   ${cells.join('   ')}`);
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function speed(series: Series): void {
  const at0 = series.at[0]!;
  const samples = Array.from({ length: 14 * 2880 }, (_, i) => ({
    at: at0 + i * 30_000,
    value: series.value[(i >> 1) % series.value.length]!,
  }));
  const end = samples.at(-1)!.at;
  const backfills = [1, 2, 3].map(() => {
    const state = createDemandForecaster();
    // Processor time: other work on the machine must not count.
    const start = process.cpuUsage();
    for (const { at, value } of samples) observeDemand(state, at, value, end);
    return { state, ms: process.cpuUsage(start).user / 1000 };
  });
  const { state } = backfills.at(-1)!;
  const times: number[] = [];
  for (let i = 1; i <= 20_000; i++) {
    const at = end + i * 15_000;
    const start = performance.now();
    observeDemand(state, at, series.value[(i >> 2) % series.value.length]!, at);
    forecastPeak(state, { now: at, leadSeconds: 155, confidence: 0.95 });
    times.push((performance.now() - start) * 1000);
  }
  times.sort((a, b) => a - b);
  const micro = (level: number) => times[Math.floor(level * times.length)]!.toFixed(1);
  console.log(
    `\nbackfill of 14 days at 30 s: ${backfills.map(({ ms }) => ms.toFixed(0)).join(', ')} ms of processor time`,
  );
  console.log(`one tick (sample in, forecast out): median ${micro(0.5)} us, 99 % ${micro(0.99)} us`);
  console.log(`state of one series: ${(bytesOf(state) / 1024).toFixed(0)} KiB in typed arrays`);
}

function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, part) => sum + bytesOf(part), 0);
}

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../../shared/data'));
const all = read(folder);
const results = all.flatMap(evaluate);
console.log('series      0.95 loss ratio and coverage at 2, 5, 15 min   reported   reliable');
for (const { name } of all) {
  const rows = results.filter((row) => row.series === name && row.level === 0.95);
  const cells = rows.map((row) => `${(row.loss / row.yardstickLoss).toFixed(3)} ${row.coverage.toFixed(3)}`);
  const reported = rows.map((row) => row.reported?.toFixed(3) ?? '-').join(' ');
  const reliable = rows.map((row) => (row.reliable ? 'yes' : 'no')).join(' ');
  const mark = TUNED.has(name) ? '(tuned)' : '';
  console.log(`${name.padEnd(9)}${mark.padEnd(8)} ${cells.join('   ')}   ${reported}   ${reliable}`);
}
summary(
  results.filter((row) => TUNED.has(row.series)),
  'tuned on these 7',
);
summary(
  results.filter((row) => !TUNED.has(row.series)),
  'the other 7',
);
summary(results, 'all 14');
speed(all[0]!);
