import { createAnomalyState, type AnomalyState } from '../../src/loop/analyze/anomaly/anomaly-state.ts';
import {
  observeAnomalies,
  type AnomalyInputs,
  type AnomalyReport,
} from '../../src/loop/analyze/anomaly/observe-anomalies.ts';
import { FEATURE_COUNT, SLOT } from '../../src/loop/monitor/features/schema.ts';
import { metricName } from '../../src/loop/monitor/metric-name.ts';
import type { Reading } from '../../src/loop/monitor/reading.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { podsFixture, policyFixture, REQUESTS, targetFixture } from './loop-fixtures.ts';

/** One minute of a workload: what is measured of it, NaN where nothing is. */
export interface WatchedValues {
  readonly load: number;
  readonly latency: number;
  readonly cpu: number;
  readonly memory: number;
}

type Change = (values: WatchedValues, minute: number) => WatchedValues;

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const REPLICAS = 4;
const MEBIBYTE = 2 ** 20;

/** Days with noise, latency and CPU that follow the load, memory that stays. */
export function usual(minute: number, random: () => number): WatchedValues {
  const phase = (2 * Math.PI * (minute % DAY_MINUTES)) / DAY_MINUTES;
  const load = (100 + 40 * Math.sin(phase)) * (0.95 + 0.1 * random());
  return {
    load,
    latency: (0.05 + load / 5000) * (0.9 + 0.2 * random()),
    cpu: (load / 50) * (0.97 + 0.06 * random()),
    memory: (200 + 5 * random()) * MEBIBYTE,
  };
}

/** The detectors of one workload, minute after minute. */
export class WatchedWorkload {
  readonly state: AnomalyState;
  readonly #random = seededRandom(1);
  readonly #change: Partial<AnomalyInputs>;
  minute = 1000 * DAY_MINUTES;

  constructor(change: Partial<AnomalyInputs> = {}, state: AnomalyState = createAnomalyState()) {
    this.#change = change;
    this.state = state;
  }

  /** Another one that knows the same. */
  fork(change: Partial<AnomalyInputs>): WatchedWorkload {
    const other = new WatchedWorkload(change, structuredClone(this.state));
    other.minute = this.minute;
    return other;
  }

  /** Minutes of four ticks; what is changed of the usual. All that was said in each. */
  run(minutes: number, changed?: Change): AnomalyReport[] {
    return this.#live(minutes, [0, 15, 30, 45], changed);
  }

  /** Minutes of a single tick: the same means, in a quarter of the time. */
  learn(minutes: number, changed?: Change): AnomalyReport[] {
    return this.#live(minutes, [0], changed);
  }

  #live(minutes: number, seconds: readonly number[], changed: Change = (values) => values): AnomalyReport[] {
    return Array.from({ length: minutes }, (_, i) => {
      const values = changed(usual(this.minute, this.#random), i);
      const reports = seconds.map((second) =>
        observeAnomalies(this.state, this.#inputs(this.minute * MINUTE + 1000 * second, values)),
      );
      this.minute += 1;
      return {
        ...reports.at(-1)!,
        opened: reports.flatMap(({ opened }) => opened),
        closed: reports.flatMap(({ closed }) => closed),
      };
    });
  }

  #inputs(now: number, values: WatchedValues): AnomalyInputs {
    const reading = (value: number): Reading =>
      Number.isNaN(value)
        ? { quality: 'Missing', reason: 'NoData', message: 'no series' }
        : { quality: 'Fresh', value, at: now };
    const features = new Float32Array(FEATURE_COUNT).fill(NaN);
    features[SLOT.tailLatency] = values.latency;
    const missing = reading(NaN);
    const memoryBytes = reading(values.memory);
    return {
      now,
      policy: policyFixture(),
      target: targetFixture(REPLICAS, { pods: podsFixture(REPLICAS, { createdAt: 0 }) }),
      monitoring: { metrics: [{ name: metricName(REQUESTS), total: reading(values.load) }] },
      indicators: [],
      signals: {
        cpuCores: reading(values.cpu),
        cpuThrottledShare: missing,
        memoryBytes: reading(REPLICAS * values.memory),
        memoryLimitBytes: reading(REPLICAS * 512 * MEBIBYTE),
        restarts: missing,
        networkReceiveBytes: missing,
        networkTransmitBytes: missing,
        oldestPod: { createdAt: 0, memoryBytes, memoryLimitBytes: 512 * MEBIBYTE },
      },
      forecasts: [],
      features,
      threshold: () => 4,
      suppressed: false,
      suffering: false,
      holds: true,
      fleet: undefined,
      cost: undefined,
      ...this.#change,
    };
  }
}
