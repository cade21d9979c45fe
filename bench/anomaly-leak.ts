import { serialize } from 'node:v8';
import { createLeakWatch, observeLeak, type LeakFinding } from '../src/loop/analyze/anomaly/trend/leak.ts';
import { seededRandom } from '../src/simulate/random.ts';
import {
  LEAK_FREE,
  LEAKS,
  simulateMemory,
  type MemoryKind,
  type MemoryMinute,
  type MemoryWorld,
} from './anomaly-leak-memory.ts';
import { median, quantile, short } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const START = Date.UTC(2026, 4, 4);
const MINUTE_MS = 60_000;
const MONTH_MINUTES = 30 * 1440;
const LEAKS_OF_A_KIND = 12;
const MONTHS_OF_A_KIND = 1;
const AHEAD_MINUTES = 360;
/** Six hours from the end, memory of the last six hours and of the last quarter of an hour tell when it ends. */
const LONG_MINUTES = 360;
const SHORT_MINUTES = 15;

interface Leaked {
  readonly kind: string;
  /** Seconds from six hours before the end: the watch's, and those of straight lines. NaN = nothing was found. */
  readonly ours: number;
  readonly leastSquares: number;
  readonly lastQuarter: number;
  /** Where the interval of 90 % holds the truth. */
  readonly covered: boolean;
  /** Hours before the end at which it was found first. */
  readonly foundHours: number;
}

/** How early and how exactly a leak is known, and how often there is talk of one that is none. */
export const anomalyLeakSuite: Suite = {
  name: 'anomaly-leak',
  title: 'Memory leaks: time to out-of-memory, false alarms',
  run: ({ seed, progress }): Findings => {
    const leaked = LEAKS.flatMap((kind, k) => {
      progress(`leaks ${kind.name}`);
      return Array.from({ length: LEAKS_OF_A_KIND }, (_, run) => leak(kind, seed + 1000 * k + run));
    });
    const quiet = LEAK_FREE.map((kind, k) => {
      progress(`no leak: ${kind.name}`);
      const months = Array.from({ length: MONTHS_OF_A_KIND }, (_, run) =>
        month(kind, seed + 50_000 + 1000 * k + run),
      );
      return { kind: kind.name, months };
    });
    const months = quiet.flatMap((kind) => kind.months);
    return {
      figures: [...leakFigures(leaked), ...monthFigures(months)],
      tables: [leakTable(leaked), falseTable(quiet)],
      notes: [
        'A leak fills what is free of 1 GiB within 10 to 96 hours. Six hours before memory passes the limit, the median of the time to out-of-memory is compared with six hours; a leak that is not found by then is a miss.',
        'The interval is that of the models, widened by what simulated ends were off beside it.',
        'The straight lines are given the same minutes and are never asked whether there is a leak.',
        'Simulated memory: what the kinds do not contain, such as heaps that first fill for half a day, is not proven by it.',
      ],
    };
  },
};

function leak(kind: MemoryKind, seed: number): Leaked {
  const random = seededRandom(seed);
  const world = kind.draw(random);
  const minutes = simulateMemory(world, MONTH_MINUTES, random);
  const end = minutes.length;
  const at = end - AHEAD_MINUTES;
  const watch = createLeakWatch();
  let found: LeakFinding | undefined;
  let foundHours = NaN;
  for (let minute = 0; minute < end; minute += 1) {
    const finding = observe(watch, world, minutes, minute);
    if (minute === at) found = finding;
    if (finding !== undefined && Number.isNaN(foundHours)) foundHours = (end - minute) / 60;
  }
  const seconds = found?.secondsToOutOfMemory;
  const elapsed = timeOf(world, at) - (found?.foundAt ?? NaN);
  const truth = AHEAD_MINUTES * 60 + elapsed / 1000;
  return {
    kind: kind.name,
    ours: seconds === undefined ? NaN : seconds.median - elapsed / 1000,
    leastSquares: straightLine(minutes.slice(Math.max(0, at - LONG_MINUTES), at), world),
    lastQuarter: straightLine(minutes.slice(at - SHORT_MINUTES, at), world),
    covered: seconds !== undefined && seconds.lower <= truth && truth <= seconds.upper,
    foundHours,
  };
}

interface Month {
  readonly falseLeaks: number;
  readonly microseconds: number;
  readonly bytes: number;
}

function month(kind: MemoryKind, seed: number): Month {
  const random = seededRandom(seed);
  const world = kind.draw(random);
  const minutes = simulateMemory(world, MONTH_MINUTES, random);
  const watch = createLeakWatch();
  let falseLeaks = 0;
  let open = false;
  const before = process.cpuUsage();
  for (let minute = 0; minute < minutes.length; minute += 1) {
    const finding = observe(watch, world, minutes, minute);
    if (finding !== undefined && !open) falseLeaks += 1;
    open = finding !== undefined;
  }
  const { user, system } = process.cpuUsage(before);
  return { falseLeaks, microseconds: (user + system) / minutes.length, bytes: serialize(watch).length };
}

function observe(
  watch: ReturnType<typeof createLeakWatch>,
  world: MemoryWorld,
  minutes: readonly MemoryMinute[],
  minute: number,
): LeakFinding | undefined {
  const { bytes, demand, startedAtMinute } = minutes[minute]!;
  return observeLeak(watch, {
    now: timeOf(world, minute),
    workingSetBytes: bytes,
    limitBytes: world.limitBytes,
    demand,
    oldestPodStartedAt: timeOf(world, startedAtMinute),
  });
}

function timeOf({ firstHour }: MemoryWorld, minute: number): number {
  return START + (minute + firstHour * 60) * MINUTE_MS;
}

/** Seconds until a least-squares line through the minutes meets the limit. */
function straightLine(minutes: readonly MemoryMinute[], { limitBytes }: MemoryWorld): number {
  const middle = (minutes.length - 1) / 2;
  const mean = minutes.reduce((sum, { bytes }) => sum + bytes, 0) / minutes.length;
  let covariance = 0;
  let variance = 0;
  for (const [i, { bytes }] of minutes.entries()) {
    covariance += (i - middle) * (bytes - mean);
    variance += (i - middle) ** 2;
  }
  const slope = covariance / variance;
  return slope > 0 ? ((limitBytes - mean) / slope - middle) * 60 : Infinity;
}

function close(seconds: number): boolean {
  return Math.abs(seconds / (AHEAD_MINUTES * 60) - 1) <= 0.25;
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return (100 * items.filter(holds).length) / items.length;
}

function leakFigures(leaked: readonly Leaked[]): Figure[] {
  const from = `${leaked.length} simulated leaks, six hours before their end`;
  return [
    {
      name: 'leak: time to out-of-memory within 25 %',
      value: share(leaked, ({ ours }) => close(ours)),
      unit: '%',
      goal: { atLeast: 80 },
      from,
    },
    {
      name: 'leak: 90 % interval holds the truth',
      value: share(leaked, ({ covered }) => covered),
      unit: '%',
      from,
    },
    {
      name: 'leak: found before its end',
      value: median(leaked.map(({ foundHours }) => (Number.isNaN(foundHours) ? 0 : foundHours))),
      unit: 'h',
      from: `median of ${leaked.length}`,
    },
  ];
}

function monthFigures(months: readonly Month[]): Figure[] {
  const from = `${months.length} simulated months without a leak`;
  return [
    {
      name: 'leak: false ones a workload and month',
      value: months.reduce((sum, { falseLeaks }) => sum + falseLeaks, 0) / months.length,
      unit: '1/month',
      goal: { atMost: 1 },
      from,
    },
    {
      name: 'leak: time of a sample',
      value: quantile(
        months.map(({ microseconds }) => microseconds),
        0.5,
      ),
      unit: 'µs',
      from: `${from}, a sample a minute, fits and simulation's calls within`,
    },
    {
      name: 'leak: state of a workload',
      value: Math.max(...months.map(({ bytes }) => bytes)) / 1024,
      unit: 'KiB',
      goal: { atMost: 4 },
      from: 'serialised, largest',
    },
  ];
}

function leakTable(leaked: readonly Leaked[]): Table {
  const row = (kind: string, of: readonly Leaked[]): string[] => [
    kind,
    percent(share(of, ({ ours }) => close(ours))),
    percent(share(of, ({ ours }) => Number.isNaN(ours))),
    percent(share(of, ({ covered }) => covered)),
    short(
      quantile(
        of.map(({ foundHours }) => (Number.isNaN(foundHours) ? 0 : foundHours)),
        0.1,
      ),
    ),
    percent(share(of, ({ leastSquares }) => close(leastSquares))),
    percent(share(of, ({ lastQuarter }) => close(lastQuarter))),
  ];
  return {
    title: 'Leaks, six hours before out-of-memory',
    columns: [
      'leak',
      'within ± 25 %',
      'not found yet',
      'interval holds it',
      'found before, h (p10)',
      'line of 6 h',
      'line of 15 min',
    ],
    rows: [
      ...LEAKS.map(({ name }) =>
        row(
          name,
          leaked.filter(({ kind }) => kind === name),
        ),
      ),
      row('all', leaked),
    ],
  };
}

function falseTable(quiet: readonly { readonly kind: string; readonly months: readonly Month[] }[]): Table {
  return {
    title: 'False leaks a month',
    columns: ['memory', 'mean', 'largest'],
    rows: quiet.map(({ kind, months }) => {
      const counts = months.map(({ falseLeaks }) => falseLeaks);
      return [kind, short(counts.reduce((a, b) => a + b, 0) / counts.length), String(Math.max(...counts))];
    }),
  };
}

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
