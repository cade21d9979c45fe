import { embed } from '../src/loop/analyze/situation/embed.ts';
import { summarize } from '../src/loop/analyze/situation/summarize.ts';
import type { SituationInputs } from '../src/loop/analyze/situation/situation-inputs.ts';
import { EMBEDDING_VERSION, type Situation } from '../src/loop/knowledge/situation.ts';
import { FEATURE_COUNT, SLOT } from '../src/loop/monitor/features/schema.ts';
import { normal, type Random } from '../src/simulate/random.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WINDOW_SECONDS = 1800;
/** Monday. */
const START = Date.UTC(2026, 4, 4);
const ARMS = [
  'Responsive',
  'Balanced',
  'Calm',
  'Quantile50',
  'Quantile80',
  'Quantile95',
  'Quantile99',
  'Utilization60',
];

/** A workload whose windows have days, weeks, noise and now and then something unusual, as the product sees them. */
export class CrowdMember {
  readonly #name: string;
  readonly #random: Random;
  readonly #mean: number;
  readonly #swing: number;
  readonly #noise: number;
  readonly #startupSeconds: number;
  /** Features that are not measured. */
  readonly #blind: boolean;

  constructor(name: string, random: Random) {
    this.#name = name;
    this.#random = random;
    this.#mean = 5 * 400 ** random();
    this.#swing = 0.1 + 0.7 * random();
    this.#noise = 0.01 * 20 ** random();
    this.#startupSeconds = 15 * 12 ** random();
    this.#blind = random() < 0.3;
  }

  /** The window that begins so many half hours after the start, with what came of it. */
  situation(window: number): Situation {
    const at = START + window * WINDOW_SECONDS * 1000;
    const inputs = this.#inputs(at);
    const random = this.#random;
    const name = this.#name;
    const from = inputs.replicas;
    return {
      id: `${name}/${at}`,
      at,
      policy: { namespace: `tenant-${name.length}`, name, uid: name },
      workload: { kind: 'Deployment', name, uid: `workload-${name}` },
      workloadClass: 'Requests',
      embeddingVersion: EMBEDDING_VERSION,
      embedding: embed(inputs),
      summary: summarize(inputs),
      action: { from, to: from, peak: from, arm: 'Balanced' },
      arms: ARMS.map((arm) => ({
        arm,
        replicaSeconds: WINDOW_SECONDS * from * (1 + random()),
        badRequests: 0,
        violatedSeconds: random() < 0.1 ? 60 * random() : 0,
        replicasChanged: 2,
      })),
      oracleReplicaSeconds: WINDOW_SECONDS * from,
      demand: WINDOW_SECONDS * this.#mean,
      outcome: {
        windowSeconds: WINDOW_SECONDS,
        measuredSeconds: WINDOW_SECONDS,
        violatedSeconds: 0,
        replicaSeconds: WINDOW_SECONDS * from * 1.3,
        requests: null,
        badRequests: null,
        replicasChanged: 0,
        changes: 0,
        rollbacks: 0,
        restarts: 0,
        throttledShare: null,
        cost: null,
      },
      censored: [],
      succeeded: true,
    };
  }

  #usual(at: number): number {
    const day = Math.sin((2 * Math.PI * (at % DAY_MS)) / DAY_MS);
    const weekend = Math.floor((at - START) / DAY_MS) % 7 >= 5;
    return this.#mean * (1 + this.#swing * day) * (weekend ? 0.6 : 1);
  }

  #inputs(at: number): SituationInputs {
    const random = this.#random;
    const burst = random() < 0.05 ? 1.5 : 1;
    const wander = Math.exp(2 * this.#noise * normal(random));
    const minutes = Float32Array.from({ length: 60 }, (_, place) => {
      const usual = this.#usual(at - (59 - place) * MINUTE_MS);
      return usual * wander * (place > 50 ? burst : 1) * Math.exp(this.#noise * normal(random));
    });
    const now = minutes[59]!;
    const peak = now * (1 + this.#noise);
    const upper = peak * Math.exp(2 * this.#noise);
    return {
      features: this.#features(at, { now, certainty: peak / upper }),
      minutes,
      usual: {
        level: this.#mean,
        now: this.#usual(at),
        ahead15: this.#usual(at + 8 * MINUTE_MS),
        ahead30: this.#usual(at + 23 * MINUTE_MS),
        ahead60: this.#usual(at + 45 * MINUTE_MS),
      },
      forecast: { peak, upper },
      anomalies: burst > 1 ? [{ kind: 'Spike', severity: random() < 0.5 ? 'Low' : 'High' }] : [],
      replicas: Math.ceil(now / 10),
      startupSeconds: this.#startupSeconds,
    };
  }

  #features(
    at: number,
    { now, certainty }: { readonly now: number; readonly certainty: number },
  ): Float32Array {
    const random = this.#random;
    const features = new Float32Array(FEATURE_COUNT).fill(NaN);
    const angle = (2 * Math.PI * (at % DAY_MS)) / DAY_MS;
    features[SLOT.hourSine] = Math.sin(angle);
    features[SLOT.hourCosine] = Math.cos(angle);
    features[SLOT.requestRate] = now;
    features[SLOT.readyShare] = 1;
    features[SLOT.forecastRatio] = certainty;
    features[SLOT.forecastResidual] = normal(random);
    features[SLOT.volatilityRatio] = Math.exp(0.2 * normal(random));
    features[SLOT.errorShare] = 0.001 * Math.exp(normal(random));
    features[SLOT.revisionAge] = (at - START) / 1000;
    if (this.#blind) return features;
    features[SLOT.cpuUtilization] = 0.6 + 0.1 * normal(random);
    features[SLOT.cpuThrottledShare] = Math.max(0, 0.03 * normal(random));
    features[SLOT.memoryUtilization] = 0.6 + 0.02 * normal(random);
    features[SLOT.tailLatency] = 0.1 * Math.exp(0.3 * normal(random));
    features[SLOT.networkReceive] = 1e3 * now;
    features[SLOT.networkTransmit] = 8e3 * now;
    return features;
  }
}
