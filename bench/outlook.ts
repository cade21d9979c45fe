import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import { TraceError } from '../src/adapters/csv/trace-error.ts';
import type { HourlySeries } from '../src/loop/analyze/outlook/hourly-series.ts';
import { dailyOutlook } from '../src/loop/analyze/outlook/outlook.ts';
import { evaluateOutlook, PARTS, type PartScore } from './outlook-evaluation.ts';
import { geometricMean, mean, median } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const FOLDERS = ['cloudcluster', 'crane', 'nab/data/realAWSCloudwatch'] as const;
const HOUR_MS = 3_600_000;
/** Shorter ones leave no week to be forecast from one that is known. */
const LEAST_HOURS = 200;
/** Of an hour's samples, the share that must be there. */
const LEAST_SHARE = 0.5;

interface Named {
  readonly folder: string;
  readonly name: string;
  readonly series: HourlySeries;
}

/** How good is the week ahead by the hour, and what does it cost to make? */
export const outlookSuite: Suite = {
  name: 'outlook',
  title: 'The week ahead, by the hour, on measured series',
  run: ({ data, progress }): Findings => {
    const absent = FOLDERS.map((folder) => join(data, folder)).filter((folder) => !existsSync(folder));
    if (absent.length > 0) {
      const skipped = `the measured series are not here: ${absent.join(', ')}; name their folder with --data`;
      return { figures: [], notes: [], skipped };
    }
    const { all, refused } = readAll(data);
    const scores = all.map(({ folder, name, series }) => {
      progress(name);
      return { folder, scores: evaluateOutlook(name, series) };
    });
    return {
      figures: [...quality(scores.flatMap((each) => each.scores)), cost()],
      tables: [summary(scores), perSeries(scores.flatMap((each) => each.scores))],
      notes: [
        'Hourly means. From every 29th hour of the last 40 % of each series, the next 168 hours are forecast from what was known then; hours beyond the end of the series are left out.',
        'Loss is the sum of the quantile losses at 0.1, 0.5 and 0.9, divided by that of the value a day (a week) before with the quantiles of its own past errors. Geometric means over series.',
        "Settings were chosen on hourly means of JumpStarter's services (17 series of 45 days, 36 cut to 14 days), which are not scored here; what they left open was decided with these series in view: the figures flatter.",
        'These series have 8 to 22 days; most forecasts of the fourth day and later had less than two weeks to learn from.',
        ...refused.map((message) => `Left out: ${message}`),
      ],
    };
  },
};

function readAll(data: string): { all: readonly Named[]; refused: readonly string[] } {
  const read = FOLDERS.flatMap((folder) =>
    readdirSync(join(data, folder))
      .filter((file) => /\.csv(\.gz)?$/.test(file))
      .sort()
      .map((file) => readOne(data, folder, file)),
  );
  return {
    all: read.filter((each): each is Named => typeof each !== 'string'),
    refused: read.filter((each): each is string => typeof each === 'string'),
  };
}

/** Or why it cannot be used. */
function readOne(data: string, folder: string, file: string): Named | string {
  const name = basename(file).split('.')[0]!;
  try {
    const series = hourly(readTrace(join(data, folder, file)));
    const { length } = series.values;
    return length >= LEAST_HOURS ? { folder, name, series } : `${name}: ${length} hours`;
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    return error.message.slice(error.message.lastIndexOf('/') + 1);
  }
}

function hourly({ times, values }: { times: Float64Array; values: Float64Array }): HourlySeries {
  const firstHour = Math.ceil(times[0]! / HOUR_MS);
  const hours = Math.floor(times.at(-1)! / HOUR_MS) - firstHour;
  const sums = new Float64Array(hours);
  const counts = new Float64Array(hours);
  for (const [i, at] of times.entries()) {
    const hour = Math.floor(at / HOUR_MS) - firstHour;
    if (hour < 0 || hour >= hours) continue;
    sums[hour] = sums[hour]! + values[i]!;
    counts[hour] = counts[hour]! + 1;
  }
  const least = LEAST_SHARE * counts.reduce((most, count) => Math.max(most, count), 0);
  return { firstHour, values: sums.map((sum, i) => (counts[i]! >= least ? sum / counts[i]! : NaN)) };
}

function of(scores: readonly PartScore[], part: string): readonly PartScore[] {
  return scores.filter((score) => score.part === part);
}

function ratio(scores: readonly PartScore[], yardstick: 'dailyLoss' | 'weeklyLoss'): number {
  return geometricMean(scores.map((score) => score.loss / score[yardstick]));
}

function quality(scores: readonly PartScore[]): Figure[] {
  return PARTS.flatMap(({ name }) => {
    const some = of(scores, name);
    const from = `${some.length} series`;
    return [
      {
        name: `${name}: loss ÷ a day before's`,
        value: ratio(some, 'dailyLoss'),
        unit: '×',
        from,
        goal: { atMost: 1 },
      },
      {
        name: `${name}: loss ÷ a week before's`,
        value: ratio(some, 'weeklyLoss'),
        unit: '×',
        from,
        goal: { atMost: 1 },
      },
      {
        name: `${name}: within the 80 % interval`,
        value: mean(some.map(({ coverage }) => coverage)),
        unit: '',
        from,
      },
    ];
  });
}

function summary(scores: readonly { folder: string; scores: readonly PartScore[] }[]): Table {
  return {
    title: 'By origin of the series: loss ÷ a day before, ÷ a week before, coverage of the 80 % interval:',
    columns: ['folder', 'series', ...PARTS.map(({ name }) => name)],
    rows: FOLDERS.map((folder) => {
      const own = scores.filter((each) => each.folder === folder);
      const some = own.flatMap((each) => each.scores);
      return [folder, String(own.length), ...PARTS.map(({ name }) => cell(of(some, name)))];
    }),
  };
}

function perSeries(scores: readonly PartScore[]): Table {
  return {
    title: 'Each series:',
    columns: ['series', ...PARTS.map(({ name }) => name)],
    rows: [...new Set(scores.map(({ series }) => series))].map((series) => {
      const some = scores.filter((score) => score.series === series);
      return [series, ...PARTS.map(({ name }) => cell(of(some, name)))];
    }),
  };
}

function cell(scores: readonly PartScore[]): string {
  if (scores.length === 0) return '-';
  const coverage = mean(scores.map((score) => score.coverage));
  return `${ratio(scores, 'dailyLoss').toFixed(2)}, ${ratio(scores, 'weeklyLoss').toFixed(2)}, ${coverage.toFixed(2)}`;
}

/** Four weeks of a day and night load: what the operator does for each resource of each policy once an hour. */
function cost(): Figure {
  const values = Float64Array.from(
    { length: 672 },
    (_, hour) => 10 + 5 * Math.sin((2 * Math.PI * hour) / 24) + Math.abs(Math.sin(hour * hour)),
  );
  const series = { firstHour: 0, values };
  const times = Array.from({ length: 15 }, () => {
    // Processor time: other work on the machine must not count.
    const before = process.cpuUsage();
    dailyOutlook({ means: series, maxima: series }, values.length);
    return process.cpuUsage(before).user / 1000;
  });
  const from = 'processor time, median of 15, four weeks of history';
  return { name: 'days, hours and past weeks of one resource', value: median(times), unit: 'ms', from };
}
