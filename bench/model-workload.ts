import type { PodRecord, WorkloadRecord } from '../src/adapters/kubernetes/records.ts';
import type { ClusterCaches } from '../src/controllers/policy/cluster-view.ts';
import type { Reading } from '../src/loop/monitor/reading.ts';
import type { Demand } from '../src/simulate/demand.ts';

/** Requests per second that the policy wants on each replica. */
export const TARGET_RATE = 20;

/** 20 requests per second use 0.3 of the 0.5 cores that a pod requests: 60 %, near the policy's 70. */
export const CORES_PER_REQUEST = 0.015;
const CPU_REQUEST = 0.5;

/** Where the model's latency goes to infinity. */
const CAPACITY_RATE = 2 * TARGET_RATE;

const BOUND_AFTER_MS = 5_000;
const READY_AFTER_MS = 30_000;

/** Prometheus's newest sample is on average half a scrape interval old. */
const SAMPLE_AGE_MS = 7_500;

export interface ModelWorkloadOptions {
  readonly namespace: string;
  readonly name: string;
  readonly demand: Demand;
  readonly replicas: number;
  /** Ms since the epoch; the first pods are long since ready. */
  readonly now: number;
}

/** The maps that the watches would fill. */
export interface WritableCaches extends ClusterCaches {
  readonly workloads: Record<WorkloadRecord['kind'], Map<string, WorkloadRecord>>;
  readonly replicaSets: Map<string, { namespace: string; name: string; uid: string; ownerUid: string }>;
  readonly pods: Map<string, PodRecord>;
}

/** A Deployment in memory: its pods follow its replicas, its numbers follow its load. */
export class ModelWorkload {
  readonly demand: Demand;
  readonly #namespace: string;
  readonly #name: string;
  readonly #caches: WritableCaches;
  #record: WorkloadRecord;
  #pods: PodRecord[] = [];
  #podsMade = 0;

  constructor({ namespace, name, demand, replicas, now }: ModelWorkloadOptions, caches: WritableCaches) {
    this.demand = demand;
    this.#namespace = namespace;
    this.#name = name;
    this.#caches = caches;
    const uid = `${namespace}-${name}-uid`;
    this.#record = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace,
      name,
      uid,
      resourceVersion: '1',
      generation: 1,
      specReplicas: replicas,
      readyReplicas: replicas,
      rolloutInProgress: false,
      paused: false,
      deleting: false,
      hasAnnotations: true,
    };
    const set = { namespace, name: `${name}-set`, uid: `${uid}-set`, ownerUid: uid };
    caches.replicaSets.set(`${namespace}/${set.name}`, set);
    this.advance(now - 86_400_000);
    this.advance(now);
  }

  scale(replicas: number, decisionId: string): void {
    this.#record = {
      ...this.#record,
      specReplicas: replicas,
      generation: this.#record.generation + 1,
      resourceVersion: String(this.#record.generation + 1),
      decisionAnnotation: decisionId,
    };
  }

  /** Pods are created, bound, become ready or go, as the replicas ask. */
  advance(now: number): void {
    for (const gone of this.#pods.splice(this.#record.specReplicas))
      this.#caches.pods.delete(this.#key(gone.name));
    while (this.#pods.length < this.#record.specReplicas) this.#pods.push(this.#newPod(now));
    this.#pods = this.#pods.map((pod) => grown(pod, now));
    for (const pod of this.#pods) this.#caches.pods.set(this.#key(pod.name), pod);
    this.#record = { ...this.#record, readyReplicas: this.#pods.filter(({ ready }) => ready).length };
    this.#caches.workloads.Deployment.set(this.#key(this.#name), this.#record);
  }

  /** Requests per second, p99 latency in seconds, and cores of each ready pod, as just measured. */
  measure(now: number): { rate: Reading; latency: Reading; cores: ReadonlyMap<string, Reading> } {
    const at = now - SAMPLE_AGE_MS;
    const fresh = (value: number): Reading => ({ quality: 'Fresh', value, at });
    const rate = this.demand(at);
    const ready = this.#pods.filter((pod) => pod.ready);
    const perPod = rate / Math.max(1, ready.length);
    const latency = 0.1 / Math.max(0.02, 1 - perPod / CAPACITY_RATE);
    return {
      rate: fresh(rate),
      latency: fresh(latency),
      cores: new Map(
        ready.map(({ name }) => [name, fresh(Math.min(2 * CPU_REQUEST, perPod * CORES_PER_REQUEST))]),
      ),
    };
  }

  #newPod(now: number): PodRecord {
    this.#podsMade += 1;
    const name = `${this.#name}-set-${this.#podsMade}`;
    return {
      namespace: this.#namespace,
      name,
      uid: `${this.#record.uid}-${this.#podsMade}`,
      ownerUid: `${this.#record.uid}-set`,
      phase: 'Pending',
      ready: false,
      createdAt: now,
      deleting: false,
      requests: { cpu: CPU_REQUEST, memory: 2 ** 29 },
    };
  }

  #key(name: string): string {
    return `${this.#namespace}/${name}`;
  }
}

function grown(pod: PodRecord, now: number): PodRecord {
  if (pod.ready || now < pod.createdAt + BOUND_AFTER_MS) return pod;
  const startedAt = pod.createdAt + BOUND_AFTER_MS;
  const readyAt = pod.createdAt + READY_AFTER_MS;
  const ready = now >= readyAt;
  return { ...pod, phase: 'Running', startedAt, ready, readyChangedAt: ready ? readyAt : startedAt };
}
