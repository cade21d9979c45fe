import type { Usage } from '../../hack/world/usage-window.ts';
import type { PodView } from '../../src/loop/monitor/observation.ts';
import type { HpaCase } from './hpa-cases.ts';
import type { MetricsScript, Outage } from './hpa-metrics-server.ts';
import { requestOf, windowOf } from './hpa-objects.ts';
import type { PodLog } from './hpa-pod-log.ts';

/** Time between two readings of the pods' use. metrics-server takes 15 s; the sync period is as much shorter here. */
const READING_MS = 4000;
/** By then the watch has told of every pod that was ready at the second of the reading. */
const READING_DELAY_MS = 1500;
/** A pod of less than a core may use more than it requests. */
const MOST_OF_REQUEST = 3;
/** Then other pods are without metrics: else a case could be without any for ever. */
const UNMEASURED_MS = 20_000;
/** What a pod that is not ready uses of its request, so that it matters whether it counts. */
const UNREADY_PART = 0.9;

/**
 * The use that follows from the load and from the pods that run: what metrics-server would have read, at whole
 * seconds. Pods that are gone have no metrics, as metrics-server lists pods and then looks for their use.
 */
export class HpaPlant implements MetricsScript {
  readonly #cases: ReadonlyMap<string, HpaCase>;
  readonly #namespace: string;
  readonly #pods: PodLog;
  #startedAt = Infinity;
  readonly #readings = new Map<string, { readonly at: number; readonly usages: readonly Usage[] }>();

  constructor(parts: {
    readonly cases: readonly HpaCase[];
    readonly namespace: string;
    readonly pods: PodLog;
  }) {
    this.#cases = new Map(parts.cases.map((one) => [one.name, one]));
    this.#namespace = parts.namespace;
    this.#pods = parts.pods;
  }

  /** Second 0 of every script, in ms since the epoch; it stands still at 0 before. */
  begin(at: number): void {
    this.#startedAt = at;
  }

  seconds(at: number): number {
    return Math.max(0, (at - this.#startedAt) / 1000);
  }

  usages(app: string): readonly Usage[] | Outage {
    const one = this.#cases.get(app);
    if (one === undefined) return [];
    const now = Date.now();
    const outage = one.outage?.(this.seconds(now), 'Resource');
    if (outage !== undefined) return outage;
    const at = Math.floor((now - READING_DELAY_MS) / READING_MS) * READING_MS;
    let reading = this.#readings.get(app);
    if (reading?.at !== at) {
      reading = { at, usages: this.#read(one, at) };
      this.#readings.set(app, reading);
    }
    const here = new Set(this.#pods.now(app).map(({ name }) => name));
    return reading.usages.filter(({ meter }) => here.has(meter.name));
  }

  demand(name: string): number | Outage {
    const one = this.#cases.get(name);
    const seconds = this.seconds(Date.now());
    return one === undefined ? 'empty' : (one.outage?.(seconds, 'External') ?? one.load(seconds));
  }

  #read(one: HpaCase, at: number): Usage[] {
    const seen = this.#pods.now(one.name).filter((pod) => ran(pod, at));
    const serving = seen.filter(({ ready }) => ready).length;
    const load = one.load(this.seconds(at)) / Math.max(1, serving);
    // The simulator knows no sample of a pod that does not serve.
    const shown = one.through === 'contender' ? seen.filter(({ ready }) => ready) : seen;
    return shown
      .filter(({ name }) => lotOf(`${name} ${Math.floor(at / UNMEASURED_MS)}`) >= (one.unmeasured ?? 0))
      .map(({ name, ready }) => {
        const part = ready ? load * (1 + (one.skew ?? 0) * (2 * lotOf(name) - 1)) : UNREADY_PART;
        const most = one.through === 'contender' ? 1 : MOST_OF_REQUEST;
        return this.#usage(one, { name, at, cores: requestOf(one) * Math.min(most, part) });
      });
  }

  #usage(one: HpaCase, { name, at, cores }: { name: string; at: number; cores: number }): Usage {
    const meter = {
      id: name,
      namespace: this.#namespace,
      name,
      labels: { app: one.name },
      cpuSeconds: 0,
      memoryBytes: 0,
      container: 'main',
    };
    return { meter, at, windowMs: windowOf(one) * 1000, cores };
  }
}

function ran({ phase, readyChangedAt = Infinity }: PodView, at: number): boolean {
  return phase === 'Running' && readyChangedAt <= at;
}

/** The pod's own number in [0, 1), always the same (FNV-1a). */
export function lotOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  // The last bits of two names with the same end are alike; the first are not.
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32;
}
