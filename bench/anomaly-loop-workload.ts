import { createAnomalyState, type AnomalyState } from '../src/loop/analyze/anomaly/anomaly-state.ts';
import {
  observeAnomalies,
  type AnomalyInputs,
  type AnomalyReport,
} from '../src/loop/analyze/anomaly/observe-anomalies.ts';
import { workloadThreshold } from '../src/loop/analyze/anomaly/workload-threshold.ts';
import { FEATURE_COUNT, SLOT } from '../src/loop/monitor/features/schema.ts';
import { metricName } from '../src/loop/monitor/metric-name.ts';
import type { Reading } from '../src/loop/monitor/reading.ts';
import { normal, type Random } from '../src/simulate/random.ts';
import { policyFixture, REQUESTS, targetFixture } from '../test/support/loop-fixtures.ts';

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1440;
const FIRST_MINUTE = 20_000 * DAY_MINUTES;
const REPLICAS = 4;
const LIMIT_BYTES = 512 * 2 ** 20;

/** All eight signals of a minute; NaN where nothing is known. */
export interface SimulatedValues {
  readonly load: number;
  readonly latency: number;
  readonly errors: number;
  readonly queue: number;
  readonly cpu: number;
  /** Of a pod, bytes. */
  readonly memory: number;
  readonly receive: number;
  readonly transmit: number;
}

interface Character {
  readonly mean: number;
  readonly swing: number;
  readonly weekend: number;
  /** Standard deviations: of the minute, and of what wanders within an hour. */
  readonly noise: number;
  readonly wander: number;
}

/** One workload's days and weeks, each with a shape and a noise of its own. */
export class SimulatedWorkload {
  readonly #random: Random;
  readonly #character: Character;
  #wander = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#character = {
      mean: 20 * 50 ** random(),
      swing: 0.2 + 0.5 * random(),
      weekend: 0.5 + 0.5 * random(),
      noise: 0.02 * 5 ** random(),
      wander: 0.02 * 4 ** random(),
    };
  }

  values(minute: number): SimulatedValues {
    const { mean, swing, weekend, noise, wander } = this.#character;
    const random = this.#random;
    const spread = (deviation: number): number => Math.exp(deviation * normal(random));
    this.#wander = 0.97 * this.#wander + Math.sqrt(1 - 0.97 ** 2) * wander * normal(random);
    const day = (2 * Math.PI * (minute % DAY_MINUTES)) / DAY_MINUTES;
    const days = Math.floor(minute / DAY_MINUTES) % 7;
    const usual = mean * (1 + swing * Math.sin(day)) * (days === 2 || days === 3 ? weekend : 1);
    const load = usual * Math.exp(this.#wander) * spread(noise);
    return {
      load,
      latency: 0.05 * (1 + load / (2 * mean)) * spread(0.08),
      errors: 0.001 * spread(0.4),
      queue: 5 * (load / mean) * spread(0.3),
      cpu: (load / 50) * spread(0.03),
      memory: (200 + (20 * load) / mean + 2 * normal(random)) * 2 ** 20,
      receive: 1e3 * load * spread(0.05),
      transmit: 8e3 * load * spread(0.05),
    };
  }
}

/** The detectors of one simulated workload, minute after minute. */
export class SimulatedWatch {
  readonly state: AnomalyState = createAnomalyState();
  readonly #falseAlarmsPerWeek: number;
  readonly #policy = policyFixture();
  readonly #target = targetFixture(REPLICAS);
  readonly #features = new Float32Array(FEATURE_COUNT).fill(NaN);

  constructor(falseAlarmsPerWeek: number) {
    this.#falseAlarmsPerWeek = falseAlarmsPerWeek;
  }

  /** A tick in minute `minute` of the simulation, `second` seconds into it. */
  observe(minute: number, second: number, values: SimulatedValues): AnomalyReport {
    return observeAnomalies(
      this.state,
      this.inputs((FIRST_MINUTE + minute) * MINUTE_MS + 1000 * second, values),
    );
  }

  inputs(now: number, values: SimulatedValues): AnomalyInputs {
    const reading = (value: number): Reading =>
      Number.isNaN(value)
        ? { quality: 'Missing', reason: 'NoData', message: 'no series' }
        : { quality: 'Fresh', value, at: now };
    const features = this.#features;
    features[SLOT.tailLatency] = values.latency;
    features[SLOT.errorShare] = values.errors;
    features[SLOT.queueLag] = values.queue;
    const missing = reading(NaN);
    return {
      now,
      policy: this.#policy,
      target: this.#target,
      monitoring: { metrics: [{ name: metricName(REQUESTS), total: reading(values.load) }] },
      indicators: [],
      signals: {
        cpuCores: reading(values.cpu),
        cpuThrottledShare: missing,
        memoryBytes: reading(REPLICAS * values.memory),
        memoryLimitBytes: reading(REPLICAS * LIMIT_BYTES),
        restarts: missing,
        networkReceiveBytes: reading(values.receive),
        networkTransmitBytes: reading(values.transmit),
        oldestPod: { createdAt: 0, memoryBytes: reading(values.memory), memoryLimitBytes: LIMIT_BYTES },
      },
      forecasts: [],
      features,
      threshold: () => workloadThreshold(this.state, this.#falseAlarmsPerWeek),
      suppressed: false,
      suffering: false,
      holds: true,
      fleet: undefined,
      cost: undefined,
    };
  }
}
