import { extractFeatures } from '../src/loop/monitor/features/extract.ts';
import {
  createFeatureState,
  observeFeatures,
  type FeatureState,
} from '../src/loop/monitor/features/feature-state.ts';
import { recordFeatures, tickFeatures } from '../src/loop/monitor/features/features.ts';
import type { FeatureInputs } from '../src/loop/monitor/features/inputs.ts';
import { FEATURE_COUNT } from '../src/loop/monitor/features/schema.ts';
import type { PodView, TargetView } from '../src/loop/monitor/observation.ts';
import type { Reading } from '../src/loop/monitor/reading.ts';
import { acquireSeries, createSeriesRing, openCell, put } from '../src/loop/monitor/series-ring.ts';
import { seededRandom, type Random } from '../src/simulate/random.ts';
import { Fleet, TICK_MS } from './fleet.ts';
import { median, quantile } from './statistics.ts';
import type { Figure, Findings, Suite } from './suite.ts';

const START = Date.UTC(2026, 4, 4, 12);
const SERIES = 10_000;
const SLOTS = 32;
/** Rounds over all series, one tick each. */
const ROUNDS = 40;
const WARM_UP_TICKS = 1000;
const TICKS = 20_000;

/** The online feature store: what goes in, and what a vector costs. */
export const featuresSuite: Suite = {
  name: 'features',
  title: 'Features: writes to the store, extraction of a vector',
  run: ({ seed, progress }): Findings => {
    progress(`${SERIES} series`);
    const writes = [vectorWrites(), sampleWrites()];
    const ten = extraction(10, seed);
    progress('1000 pods');
    const thousand = extraction(1000, seed);
    const from = `${TICKS} ticks, 10 pods`;
    const figures: Figure[] = [
      ...writes,
      { name: 'extraction, median', value: median(ten.extract), unit: 'µs', from },
      { name: 'extraction, p99', value: quantile(ten.extract, 0.99), unit: 'µs', goal: { atMost: 50 }, from },
      {
        name: 'extraction, 1000 pods, median',
        value: median(thousand.extract),
        unit: 'µs',
        from: `${TICKS} ticks`,
      },
      { name: 'observe, extract and record, p99', value: quantile(ten.whole, 0.99), unit: 'µs', from },
    ];
    return {
      figures,
      notes: [
        `A feature write is one number of one workload with its time. Vectors of ${FEATURE_COUNT} features, and single samples, are ` +
          `written to ${SERIES} series of ${SLOTS} slots in turn, as a round over all workloads would; each lies elsewhere in memory.`,
        'Extraction reads signals, metrics, forecast and pods of one policy, and an hour of demand; it allocates no object.',
      ],
    };
  },
};

/** Whole vectors: one time for 18 numbers. */
function vectorWrites(): Figure {
  const ring = createSeriesRing({ series: SERIES, slots: SLOTS, statistics: FEATURE_COUNT, stepMs: TICK_MS });
  const places = Array.from({ length: SERIES }, (_, index) => acquireSeries(ring, `policy-${index}`));
  const vector = Float32Array.from({ length: FEATURE_COUNT }, (_, index) => index);
  const rates = Array.from({ length: ROUNDS }, (_, round) => {
    const now = START + round * TICK_MS;
    const before = performance.now();
    for (const place of places) recordFeatures(ring, place, now, vector);
    return (1000 * FEATURE_COUNT * SERIES) / (performance.now() - before);
  });
  return {
    name: 'feature writes, as vectors',
    value: median(rates),
    unit: '1/s',
    goal: { atLeast: 1_000_000 },
    from: `median of ${ROUNDS} rounds over ${SERIES} workloads`,
  };
}

/** Samples that come one by one, each with a time of its own: a third of them a tick late, and often doubles. */
function sampleWrites(): Figure {
  const ring = createSeriesRing({ series: SERIES, slots: SLOTS, statistics: 1, stepMs: TICK_MS });
  const places = Array.from({ length: SERIES }, (_, index) => acquireSeries(ring, `series-${index}`));
  const rates = Array.from({ length: ROUNDS }, (_, round) => {
    const now = START + round * TICK_MS;
    const before = performance.now();
    for (const place of places) {
      const cell = openCell(ring, place, now - ((place + round) % 3 === 0 ? TICK_MS : 0), now);
      if (cell >= 0) put(ring, cell, 0, round);
    }
    return (1000 * SERIES) / (performance.now() - before);
  });
  return {
    name: 'feature writes, one by one',
    value: median(rates),
    unit: '1/s',
    goal: { atLeast: 1_000_000 },
    from: `median of ${ROUNDS} rounds over ${SERIES} series, a third of the samples a tick late`,
  };
}

interface Times {
  /** µs of each tick. */
  readonly extract: readonly number[];
  readonly whole: readonly number[];
}

function extraction(pods: number, seed: number): Times {
  const view = new Fleet({ policies: 1, replicas: 10, seed, now: START }).views[0]!;
  const random = seededRandom(seed);
  const target = targetOf(pods);
  const inputsAt = (tick: number): FeatureInputs => inputsOf(view, target, START + tick * TICK_MS, random);
  const apart = createFeatureState(view);
  const together = createFeatureState(view);
  const out = new Float32Array(FEATURE_COUNT);
  const extract: number[] = [];
  const whole: number[] = [];
  for (let tick = 0; tick < WARM_UP_TICKS + TICKS; tick += 1) {
    const inputs = inputsAt(tick);
    observeFeatures(apart, inputs);
    const extractMs = timed(() => extractFeatures(apart, inputs, out));
    const wholeMs = timed(() => tickFeatures(together, inputs));
    if (tick < WARM_UP_TICKS) continue;
    extract.push(1000 * extractMs);
    whole.push(1000 * wholeMs);
  }
  requireVolatility(apart, out);
  return { extract, whole };
}

/** The measurement is of the real work only if the hour of demand is there. */
function requireVolatility(state: FeatureState, out: Float32Array): void {
  const known = out.filter((value) => !Number.isNaN(value)).length;
  if (known < 14) throw new Error(`only ${known} features of ${state.demand ?? 'no demand'} are known`);
}

function timed(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

function inputsOf(
  policy: FeatureInputs['policy'],
  target: TargetView,
  now: number,
  random: Random,
): FeatureInputs {
  const at = now - 7500;
  const read = (value: number): Reading => ({ quality: 'Fresh', value: value * (0.9 + 0.2 * random()), at });
  return {
    now,
    policy,
    target,
    monitoring: {
      metrics: [
        { name: 'requests-per-second', total: read(200) },
        { name: 'cpu', total: read(3) },
      ],
    },
    indicators: [read(0.2)],
    signals: {
      cpuCores: read(3),
      cpuThrottledShare: read(0.05),
      memoryBytes: read(2e9),
      memoryLimitBytes: read(4e9),
      restarts: read(0),
      networkReceiveBytes: read(1e6),
      networkTransmitBytes: read(3e6),
    },
    forecasts: [
      { metric: 'requests-per-second', peak: 210, upper: 260, confidencePercent: 95, horizonSeconds: 90 },
    ],
  };
}

function targetOf(pods: number): TargetView {
  const createdAt = START - 86_400_000;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    uid: 'web',
    resourceVersion: '1',
    generation: 1,
    specReplicas: pods,
    readyReplicas: pods,
    rolloutInProgress: false,
    paused: false,
    deleting: false,
    ownership: { rivals: [] },
    revisionChangedAt: createdAt,
    pods: Array.from({ length: pods }, (_, index): PodView => ({
      name: `web-${index}`,
      phase: 'Running',
      ready: true,
      createdAt,
      deleting: false,
      requests: { cpu: 0.5, memory: 2 ** 28 },
      limits: { cpu: 1, memory: 2 ** 29 },
      restarts: 0,
    })),
  };
}
