import { serialize } from 'node:v8';
import {
  createAutoencoder,
  createPass,
  reconstructionError,
} from '../src/loop/analyze/anomaly/fingerprint/autoencoder.ts';
import {
  createHalfSpaceForest,
  createHalfSpaceMasses,
  observeHalfSpace,
} from '../src/loop/analyze/anomaly/fingerprint/half-space-trees.ts';
import { createServiceScore, observeService } from '../src/loop/analyze/anomaly/fingerprint/service-score.ts';
import { trainAutoencoder } from '../src/loop/analyze/anomaly/fingerprint/train-autoencoder.ts';
import { createAlarmLadder, observeLadder } from '../src/loop/analyze/anomaly/fleet/alarm-ladder.ts';
import { createKpiDetector, observeKpi, type KpiTier } from '../src/loop/analyze/anomaly/kpi/kpi-detector.ts';
import { normal, seededRandom } from '../src/simulate/random.ts';
import { collectGarbage, memoryInUse } from './memory.ts';
import { median } from './statistics.ts';
import type { Figure } from './suite.ts';

const FEATURES = 18;
const HIDDEN = 8;
const POINTS = 20_000;
const REPETITIONS = 5;
const SERIES = 10_000;
const MINUTE = 60;
const TRAINING = { samples: 100, epochs: 20 };

export async function speedFigures(seed: number): Promise<Figure[]> {
  return [
    ...(['Full', 'Light'] as const).flatMap((tier) => kpiFigures(tier, seed)),
    ...fingerprintFigures(seed),
    ...(await tickFigures(seed)),
  ];
}

function kpiFigures(tier: KpiTier, seed: number): Figure[] {
  const values = ordinary(10 * POINTS, seed);
  const detector = createKpiDetector({ stepSeconds: MINUTE, tier });
  const microseconds = perPoint(values.length, (i) => observeKpi(detector, values[i]!, i));
  return [
    {
      name: `KPI ${tier}: one point`,
      value: microseconds,
      unit: 'µs',
      goal: { atMost: 0.5 },
      from: `${values.length} minutes of one series`,
    },
    {
      name: `KPI ${tier}: state, stored`,
      value: serialize(detector).length / 1024,
      unit: 'KiB',
      ...(tier === 'Light' ? { goal: { atMost: 8 } } : {}),
      from: 'v8.serialize',
    },
  ];
}

function fingerprintFigures(seed: number): Figure[] {
  const random = seededRandom(seed);
  const points = Array.from({ length: POINTS }, (_, i) =>
    Float64Array.from({ length: FEATURES }, (_f, f) => Math.sin(i / 46 + f) + 0.2 * normal(random)),
  );
  const service = createServiceScore({ metrics: FEATURES, stepSeconds: MINUTE });
  const forest = createHalfSpaceForest({ features: FEATURES, trees: 25, depth: 8, random });
  const masses = createHalfSpaceMasses(forest);
  const model = createAutoencoder({ features: FEATURES, hidden: HIDDEN, random });
  const pass = createPass(model);
  const samples = Float64Array.from({ length: TRAINING.samples * FEATURES }, () => normal(random));
  const train = (): unknown => trainAutoencoder(model, samples, { epochs: TRAINING.epochs, random });
  train();
  const epoch = median(Array.from({ length: REPETITIONS }, () => processorMs(train))) / TRAINING.epochs;
  const from = `${POINTS} points of ${FEATURES} features`;
  const goal = { atMost: 15 };
  return [
    {
      name: 'fingerprint: service score',
      value: perPoint(POINTS, (i) => observeService(service, points[i]!, i)),
      unit: 'µs',
      goal,
      from,
    },
    {
      name: 'fingerprint: state of the service score, stored',
      value: serialize(service).length / 1024,
      unit: 'KiB',
      from: 'v8.serialize',
    },
    {
      name: 'fingerprint: half-space trees',
      value: perPoint(POINTS, (i) => observeHalfSpace(forest, masses, points[i]!)),
      unit: 'µs',
      goal,
      from,
    },
    {
      name: 'fingerprint: autoencoder',
      value: perPoint(POINTS, (i) => reconstructionError(model, points[i]!, pass)),
      unit: 'µs',
      goal,
      from,
    },
    {
      name: 'autoencoder: an epoch of 100 samples',
      value: epoch,
      unit: 'ms',
      goal: { atMost: 20 },
      from: `${FEATURES}-${HIDDEN}-${FEATURES}, mean of ${TRAINING.epochs}`,
    },
  ];
}

async function tickFigures(seed: number): Promise<Figure[]> {
  await collectGarbage();
  const before = memoryInUse();
  const detectors = Array.from({ length: SERIES }, () =>
    createKpiDetector({ stepSeconds: MINUTE, tier: 'Light' }),
  );
  await collectGarbage();
  const after = memoryInUse();
  const grown = after.heap - before.heap + after.buffers - before.buffers;
  const ladders = detectors.map(() => createAlarmLadder());
  const values = ordinary(SERIES, seed);
  const surprises = new Float64Array(SERIES);
  const ticks: number[] = [];
  const counts: number[] = [];
  for (let tick = 0; tick < 60; tick++) {
    ticks.push(
      processorMs(() => {
        detectors.forEach((detector, i) => {
          surprises[i] = observeKpi(detector, values[(i + tick) % SERIES]!, tick);
        });
      }),
    );
    counts.push(
      processorMs(() => {
        ladders.forEach((ladder, i) => observeLadder(ladder, surprises[i]!, MINUTE));
      }),
    );
  }
  const from = `${SERIES} series, median of the last 30 of 60 ticks`;
  return [
    {
      name: 'KPI Light: a tick of 10,000 series',
      value: median(ticks.slice(30)),
      unit: 'ms',
      goal: { atMost: 100 },
      from,
    },
    { name: 'alarm ladders: a tick of 10,000 series', value: median(counts.slice(30)), unit: 'ms', from },
    {
      name: 'KPI Light: state, in memory',
      value: (grown * 1024) / SERIES,
      unit: 'KiB',
      goal: { atMost: 8 },
      from: `mean of ${SERIES}, heap and buffers`,
    },
  ];
}

/** An ordinary service by the minute: a day's swing and noise. */
function ordinary(points: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    { length: points },
    (_, i) => 100 - 40 * Math.cos((2 * Math.PI * i) / 1440) + 2 * normal(random),
  );
}

/** Microseconds: median of repetitions after one that warms up. */
function perPoint(points: number, observe: (i: number) => number): number {
  const all = (): void => {
    for (let i = 0; i < points; i++) observe(i);
  };
  all();
  return (1000 * median(Array.from({ length: REPETITIONS }, () => processorMs(all)))) / points;
}

/** Processor time: other work on the machine must not count. */
function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
