import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import {
  createDemandForecaster,
  forecastPeak,
  observeDemand,
} from '../src/loop/analyze/forecast/forecaster.ts';
import { evaluate, HISTORY_SHARE, LEVELS, WINDOWS, type Score, type Series } from './forecast-evaluation.ts';
import { geometricMean, mean, median, quantile } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const FOLDERS = ['cloudcluster', 'crane'];

/** Hyper-parameters were chosen on these; the others took no part. */
const TUNED = new Set(['cluster2', 'cluster5', 'cluster7', 'input0', 'input2', 'input4', 'input6']);

/** How good are the peak forecasts on measured series, and what do they cost? */
export const forecastSuite: Suite = {
  name: 'forecast',
  title: 'Forecasts of the peak, on measured series',
  run: ({ data, progress }): Findings => {
    const absent = FOLDERS.map((folder) => join(data, folder)).filter((folder) => !existsSync(folder));
    if (absent.length > 0) {
      return {
        figures: [],
        notes: [],
        skipped: `the measured series are not here: ${absent.join(', ')}; name their folder with --data`,
      };
    }
    const all = FOLDERS.flatMap((folder) => readSeries(join(data, folder)));
    const scores = all.flatMap((series) => {
      progress(series.name);
      return evaluate(series);
    });
    const untouched = scores.filter(({ series }) => !TUNED.has(series));
    const tuned = scores.filter(({ series }) => TUNED.has(series));
    return {
      figures: [...quality(untouched), ...cost(all[0]!)],
      tables: [
        summary(untouched, `The ${all.length - TUNED.size} series that took no part in the tuning:`),
        summary(tuned, `The ${TUNED.size} series on which hyper-parameters were chosen (optimistic):`),
        perSeries(scores),
      ],
      notes: [
        `Each minute of the last ${Math.round(100 * (1 - HISTORY_SHARE))} % of each series, the largest load of the next minutes is forecast from what was known then.`,
        "Loss is the quantile loss divided by the yardstick's: the last value plus the quantile of its last 720 errors. Below 1 is better than the yardstick.",
        'Ratios are summarised by their geometric mean over the series, coverage by the mean; in brackets the series with the lowest coverage.',
      ],
    };
  },
};

function readSeries(folder: string): Series[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv.gz'))
    .sort()
    .map((file) => {
      const { times, values } = readTrace(join(folder, file));
      return { name: basename(file).split(/[_.]/)[0]!, at: times, value: values };
    });
}

function of(scores: readonly Score[], window: number, level: number): readonly Score[] {
  return scores.filter((score) => score.window === window && score.level === level);
}

function lossRatio(scores: readonly Score[]): number {
  return geometricMean(scores.map(({ loss, yardstickLoss }) => loss / yardstickLoss));
}

function coverage(scores: readonly Score[]): number {
  return mean(scores.map((score) => score.coverage));
}

/** Five minutes at 95 % is what a Deployment with ordinary start-up times asks for. */
function quality(untouched: readonly Score[]): Figure[] {
  const scores = of(untouched, 5, 0.95);
  const from = `${scores.length} untouched series, 5 min, level 0.95`;
  return [
    { name: "loss ÷ yardstick's", value: lossRatio(scores), unit: '×', from },
    { name: 'share of peaks covered (0.95 is right)', value: coverage(scores), unit: '', from },
  ];
}

function summary(scores: readonly Score[], title: string): Table {
  return {
    title,
    columns: ['window', ...LEVELS.map((level) => `level ${level}: loss, coverage [lowest]`)],
    rows: WINDOWS.map((window) => [
      `${window} min`,
      ...LEVELS.map((level) => {
        const some = of(scores, window, level);
        const lowest = Math.min(...some.map((score) => score.coverage));
        return `${lossRatio(some).toFixed(3)}, ${coverage(some).toFixed(3)} [${lowest.toFixed(3)}]`;
      }),
    ]),
  };
}

function perSeries(scores: readonly Score[]): Table {
  const names = [...new Set(scores.map(({ series }) => series))];
  return {
    title:
      'Each series at level 0.95: loss and coverage; then what the forecaster says of itself at the end:',
    columns: ['series', ...WINDOWS.map((window) => `${window} min`), 'reported coverage', 'reliable'],
    rows: names.map((name) => {
      const rows = scores.filter(({ series, level }) => series === name && level === 0.95);
      return [
        `${name}${TUNED.has(name) ? ' (tuned)' : ''}`,
        ...rows.map((row) => `${(row.loss / row.yardstickLoss).toFixed(3)}, ${row.coverage.toFixed(3)}`),
        rows.map(({ reported }) => reported?.toFixed(3) ?? '-').join(' '),
        rows.map(({ reliable }) => (reliable ? 'yes' : 'no')).join(' '),
      ];
    }),
  };
}

const BACKFILL_SAMPLES = 14 * 2880;
const ASKED = 20_000;

function cost({ at, value }: Series): Figure[] {
  const start = at[0]!;
  const end = start + (BACKFILL_SAMPLES - 1) * 30_000;
  let state = createDemandForecaster();
  const backfills = [1, 2, 3].map(() => {
    state = createDemandForecaster();
    // Processor time: other work on the machine must not count.
    const before = process.cpuUsage();
    for (let i = 0; i < BACKFILL_SAMPLES; i += 1) {
      observeDemand(state, start + i * 30_000, value[(i >> 1) % value.length]!, end);
    }
    return process.cpuUsage(before).user / 1000;
  });
  const times: number[] = [];
  for (let i = 1; i <= ASKED; i += 1) {
    const now = end + i * 15_000;
    const before = performance.now();
    observeDemand(state, now, value[(i >> 2) % value.length]!, now);
    forecastPeak(state, { now, leadSeconds: 155, confidence: 0.95 });
    times.push((performance.now() - before) * 1000);
  }
  const from = `${ASKED} ticks, sample in, forecast out`;
  return [
    {
      name: '14 days of history at 30 s',
      value: median(backfills),
      unit: 'ms',
      from: 'processor time, median of 3',
    },
    { name: 'one forecast, median', value: median(times), unit: 'µs', from },
    { name: 'one forecast, p99', value: quantile(times, 0.99), unit: 'µs', from },
  ];
}
