import { basename } from 'node:path';
import { serialize } from 'node:v8';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import type { Reaction } from '../src/loop/analyze/peak/adopted-reaction.ts';
import { BIN_SECONDS } from '../src/loop/analyze/peak/bins.ts';
import { createPeakForecaster, type PeakForecaster } from '../src/loop/analyze/peak/forecaster-state.ts';
import { backfillPeak, observePeakDemand } from '../src/loop/analyze/peak/forecaster.ts';
import { createPeakNodes, peakForecast } from '../src/loop/analyze/peak/peak-forecast.ts';
import type { ForecastTier } from '../src/loop/analyze/peak/tier.ts';
import { normal, seededRandom } from '../src/simulate/random.ts';
import { developmentTraces } from './development-traces.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { evaluatePeaks, LEVELS, WINDOW_MINUTES, type PeakLoss } from './peak-evaluation.ts';
import { geometricMean, mean, median } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const TIERS = ['Full', 'Light'] as const;
const GOALS = {
  Full: { microseconds: 8, kib: 64 },
  Light: { microseconds: 2, kib: 8 },
} as const;

const BIN_MS = BIN_SECONDS * 1000;
const DAY_BINS = 5760;
const START = Date.UTC(2026, 4, 4);
const STEPS = 100_000;
const REPETITIONS = 5;
const SERIES = 1000;

/** What the forecaster of the loop costs, and how good its two tiers are. */
export const peakSuite: Suite = {
  name: 'peak',
  title: 'Forecaster of the loop: time, memory, loss',
  run: async ({ data, seed, progress }): Promise<Findings> => {
    const figures: Figure[] = [];
    for (const tier of TIERS) {
      progress(`${tier}: time and memory`);
      figures.push(...(await resources(tier, seed)));
    }
    const traces = developmentTraces(data);
    if ('problem' in traces) return { figures, notes: [`Losses were not measured: ${traces.problem}`] };
    const losses = traces.flatMap((path) => {
      const name = basename(path).split(/[_.]/)[0]!;
      progress(name);
      const trace = { name, ...readTrace(path) };
      return TIERS.flatMap((tier) => evaluatePeaks(trace, tier));
    });
    return {
      figures: [...figures, lightOverFull(losses)],
      tables: [lossTable(losses)],
      notes: [
        'A step is one sample in, learning, and one forecast out, both windows, into arrays of the caller; processor time on one core, median of five runs. What a forecast is worth, for people, is not in it.',
        'Loss: quantile loss of the largest demand of the next minutes ÷ that of the last value plus the quantile of its last 720 errors, each minute of the last 40 % of the first 14 days; geometric mean over the traces.',
        'These are the traces that everything was developed on: no proof for other loads.',
      ],
    };
  },
};

/** An ordinary service: a day's swing and noise. */
function demandAt(bin: number, random: () => number): number {
  return 100 - 50 * Math.cos((2 * Math.PI * bin) / DAY_BINS) + 5 * Math.abs(normal(random));
}

function reactionAt(at: number): Reaction {
  return { now: at + 20_000, startupSeconds: 60, lagSeconds: 0 };
}

async function resources(tier: ForecastTier, seed: number): Promise<Figure[]> {
  const { microseconds, kib } = GOALS[tier];
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: 8 * DAY_BINS }, (_, bin) => demandAt(bin, random));
  const history = { startMs: START, stepMs: BIN_MS, values };
  const reaction = reactionAt(START + values.length * BIN_MS);
  let f = createPeakForecaster(tier);
  const backfills = Array.from({ length: REPETITIONS }, () => {
    f = createPeakForecaster(tier);
    return processorMs(() => {
      backfillPeak(f, history, reaction);
    });
  });
  let bin = values.length;
  const steps = Array.from({ length: REPETITIONS }, () => {
    const samples = Float64Array.from({ length: STEPS }, (_, i) => demandAt(bin + i, random));
    return processorMs(() => {
      for (const value of samples) step(f, ++bin, value);
    });
  });
  const from = `${STEPS} steps, processor time, median of ${REPETITIONS}`;
  const perStep = (1000 * median(steps)) / STEPS;
  return [
    { name: `${tier}: one step`, value: perStep, unit: 'µs', goal: { atMost: microseconds }, from },
    {
      name: `${tier}: state, stored`,
      value: serialize(f).length / 1024,
      unit: 'KiB',
      goal: { atMost: kib },
      from: 'v8.serialize',
    },
    {
      name: `${tier}: state, in memory`,
      value: await heapOf(f),
      unit: 'KiB',
      from: `mean of ${SERIES} series, heap and buffers`,
    },
    {
      name: `${tier}: eight days of history at 15 s`,
      value: median(backfills),
      unit: 'ms',
      goal: { atMost: 500 },
      from: 'processor time',
    },
  ];
}

/** Written to by each forecast: the loop does so too, where nobody keeps one. */
const NODES = createPeakNodes();

function step(f: PeakForecaster, bin: number, value: number): void {
  const at = START + bin * BIN_MS;
  const reaction = reactionAt(at);
  observePeakDemand(f, { at, value }, reaction);
  peakForecast(f, reaction, NODES);
}

/** Processor time: other work on the machine must not count. */
function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

async function heapOf(f: PeakForecaster): Promise<number> {
  await collectGarbage();
  const before = memoryInUse();
  const copies = Array.from({ length: SERIES }, () => structuredClone(f));
  await collectGarbage();
  const after = memoryInUse();
  const grown = after.heap - before.heap + after.buffers - before.buffers;
  return (grown * 1024) / copies.length;
}

function of(losses: readonly PeakLoss[], tier: ForecastTier, minutes: number, level: number): PeakLoss[] {
  return losses.filter((loss) => loss.tier === tier && loss.minutes === minutes && loss.level === level);
}

function lossRatio(losses: readonly PeakLoss[]): number {
  return geometricMean(losses.map(({ loss, yardstickLoss }) => loss / yardstickLoss));
}

function lightOverFull(losses: readonly PeakLoss[]): Figure {
  const ratios = WINDOW_MINUTES.flatMap((minutes) =>
    LEVELS.map(
      (level) =>
        lossRatio(of(losses, 'Light', minutes, level)) / lossRatio(of(losses, 'Full', minutes, level)),
    ),
  );
  return {
    name: 'loss, Light ÷ Full',
    value: geometricMean(ratios),
    unit: '×',
    goal: { atMost: 1.05 },
    from: `${WINDOW_MINUTES.join(', ')} min at ${LEVELS.join(', ')}`,
  };
}

/** Published for the recipe on these series, with samples of a minute. */
const RECIPE: Readonly<Record<number, string>> = { 2: '.668 / .660', 5: '.618 / .644', 15: '.583 / .635' };

function lossTable(losses: readonly PeakLoss[]): Table {
  const cell = (tier: ForecastTier, minutes: number, level: number): string => {
    const some = of(losses, tier, minutes, level);
    return `${lossRatio(some).toFixed(3)}, ${mean(some.map(({ coverage }) => coverage)).toFixed(3)}`;
  };
  return {
    title: 'Largest demand of the next minutes: loss ÷ yardstick, coverage:',
    columns: [
      'window',
      ...TIERS.flatMap((tier) => LEVELS.map((level) => `${tier}, ${level}`)),
      'recipe .95 / .99',
    ],
    rows: WINDOW_MINUTES.map((minutes) => [
      `${minutes} min`,
      ...TIERS.flatMap((tier) => LEVELS.map((level) => cell(tier, minutes, level))),
      RECIPE[minutes] ?? '',
    ]),
  };
}
