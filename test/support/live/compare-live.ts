import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus } from '../../../hack/controlplane/prometheus.ts';
import { policySpecSchema, type PolicySpec } from '../../../src/api/policy-spec.ts';
import { generateDemand } from '../../../src/simulate/demand.ts';
import { seededRandom } from '../../../src/simulate/random.ts';
import { DEFAULT_SIMULATION } from '../../../src/simulate/simulation-config.ts';
import type { Trace } from '../../../src/simulate/trace-demand.ts';
import { differences } from './differences.ts';
import { replayLive } from './live-replay.ts';
import { MEASURED, writeMeasured } from './measured-series.ts';
import { recordBacktest } from './recorded-backtest.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const NAMESPACE = 'live';

export interface LiveComparison {
  readonly ticks: number;
  /** Decisions of the backtest. */
  readonly decisions: number;
  /** Ticks at which there was a forecast to act on. */
  readonly forecasts: number;
  readonly differences: readonly string[];
  readonly backtestSeconds: number;
  readonly liveSeconds: number;
}

export interface LiveComparisonOptions {
  /** As of a policy, without target and mode. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly hours: number;
  readonly seed: number;
}

const { requestsPerSecond } = DEFAULT_SIMULATION.service;

/** What a metric with a target asks for: HPA's arithmetic with the forecast ahead of it. */
export const TARGET_SPEC = {
  metrics: [
    {
      type: 'Prometheus',
      prometheus: {
        name: 'demand',
        query: MEASURED.demand,
        target: { type: 'AverageValue', averageValue: String(0.7 * requestsPerSecond) },
      },
    },
  ],
} as const;

/** What an objective about requests asks for: the newsvendor, paced by the bad ones. */
export const REQUESTS_SPEC = {
  objective: {
    requests: {
      totalQuery: MEASURED.requests,
      badQuery: MEASURED.bad,
      goodPercent: '99',
      latencyThreshold: '500m',
      perReplica: String(requestsPerSecond),
    },
  },
} as const;

/** Runs the backtest, gives Prometheus what it measured, runs the operator's live path on that, and compares. */
export async function compareLive({ spec, hours, seed }: LiveComparisonOptions): Promise<LiveComparison> {
  const directory = await mkdtemp(join(tmpdir(), 'live-equals-backtest-'));
  try {
    const began = performance.now();
    const backtest = recordBacktest(traceOf(hours, seed), specOf(spec), DEFAULT_SIMULATION);
    const simulated = performance.now();
    const history = join(directory, 'measured.om');
    await writeMeasured(history, NAMESPACE, backtest.ticks);
    const prometheus = await startPrometheus({
      dir: join(directory, 'prometheus'),
      scrape: [],
      scrapeIntervalSeconds: 15,
      history: [history],
    });
    const ready = performance.now();
    try {
      const live = await replayLive({
        prometheusUrl: prometheus.url,
        namespace: NAMESPACE,
        spec: backtest.spec,
        ticks: backtest.ticks,
        directory: join(directory, 'journal'),
      });
      return {
        ticks: backtest.ticks.length,
        decisions: backtest.changes.length,
        forecasts: backtest.bounds.filter((bound) => bound !== undefined).length,
        differences: differences(backtest, live),
        backtestSeconds: (simulated - began) / 1000,
        liveSeconds: (performance.now() - ready) / 1000,
      };
    } finally {
      await prometheus.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function specOf(spec: LiveComparisonOptions['spec']): PolicySpec {
  return policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    mode: 'Apply',
    observationSeconds: 0,
    horizontal: { minReplicas: 1, maxReplicas: 100 },
    ...spec,
  });
}

/** A shop's load by the minute, until the last 18:00 UTC: the same hours of the day whenever it runs, and all in the past. */
function traceOf(hours: number, seed: number): Trace {
  const evening = 18 * 60 * MINUTE;
  const until = Math.floor((Date.now() - 60 * MINUTE - evening) / DAY) * DAY + evening;
  const from = until - hours * 60 * MINUTE;
  const shape = {
    baseRate: 60,
    dailySwing: 0.6,
    peakHour: 14,
    weekendFactor: 0.7,
    noise: 0.1,
    burstsPerDay: 4,
    burstFactor: 0.8,
  };
  const demand = generateDemand(shape, { from: from - 24 * 60 * MINUTE, to: until }, seededRandom(seed));
  const times = Float64Array.from({ length: hours * 60 + 1 }, (_, minute) => from + minute * MINUTE);
  return { times, values: times.map((at) => demand(at)) };
}
