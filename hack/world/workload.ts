import type { Demand } from '../../src/simulate/demand.ts';
import { queueTick, sampleWait, shareBeyond, type QueueOutcome } from '../../src/simulate/queue.ts';
import { poisson, type Random } from '../../src/simulate/random.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';
import type { WorldPod } from './cluster.ts';
import { NO_TROUBLE, type Trouble } from './faults.ts';
import { DURATION_BUCKETS } from './families.ts';

/** A Deployment or StatefulSet and the load on it. */
export interface WorkloadSpec {
  readonly kind?: 'Deployment' | 'StatefulSet';
  readonly namespace: string;
  readonly name: string;
  readonly demand: Demand;
  /** Cores of a replica whose pod names neither CPU limit nor request; 1 when not given. */
  readonly cpuRequestCores?: number;
  /**
   * Samples carry the time of the world, as cAdvisor's do. Prometheus then does not notice when a pod's series end and
   * shows them for five minutes more; by default they carry none, as kube-state-metrics' and an application's.
   */
  readonly timestamps?: boolean;
}

/** `namespace/name` of a workload. */
export type WorkloadKey = string;

/** What two ways of scaling are compared by; all from the start of the world on. */
export interface Accounts {
  /** Existing replicas × time, from creation to the end of termination. */
  readonly replicaSeconds: number;
  /** Time in which more than 1 % of the requests was slow. */
  readonly violatedSeconds: number;
  readonly requests: number;
  /** Waited longer than the threshold, or turned away. */
  readonly slowRequests: number;
  /** Changes of the replica count that was asked for. */
  readonly actions: number;
}

/** One pod's counters: monotone as long as the pod lives. */
export interface PodCounters {
  pod: WorldPod;
  cpuSeconds: number;
  cfsPeriods: number;
  cfsThrottled: number;
  memoryBytes: number;
  /** Of them, what will never be given back. */
  leakedBytes: number;
  accepted: number;
  rejected: number;
  waitSeconds: number;
  /** Requests that waited at most the bound of the same index; +Inf is accepted + rejected. */
  readonly buckets: number[];
}

/** The CFS quota period of the kubelet is 100 ms. */
const CFS_PERIODS_PER_SECOND = 10;

/** One workload of the world: its queue, the counters of its pods, its accounts. */
export class Workload {
  readonly spec: WorkloadSpec;
  readonly counters = new Map<string, PodCounters>();
  #backlog = 0;
  #nextPod = 0;
  #specReplicas: number | undefined;
  /** Seconds that each existing pod has been terminating. */
  readonly #terminating = new Map<string, number>();
  readonly #accounts = { replicaSeconds: 0, violatedSeconds: 0, requests: 0, slowRequests: 0, actions: 0 };

  constructor(spec: WorkloadSpec) {
    this.spec = spec;
  }

  get accounts(): Accounts {
    return { ...this.#accounts };
  }

  owns(pod: WorldPod): boolean {
    return pod.workload === this.spec.name && pod.namespace === this.spec.namespace;
  }

  /** Notes how many replicas are asked for. */
  observeReplicas(specReplicas: number): void {
    if (this.#specReplicas !== undefined && this.#specReplicas !== specReplicas) this.#accounts.actions += 1;
    this.#specReplicas = specReplicas;
  }

  /** Lives through a moment with the pods that exist (only this workload's). */
  advance(
    pods: readonly WorldPod[],
    { demand, seconds, trouble = NO_TROUBLE }: Moment,
    random: Random,
  ): void {
    this.#keepCounters(pods);
    this.#bill(pods, seconds);
    const serving = [...this.counters.values()].filter(({ pod }) => pod.ready && !pod.deleting);
    const cores = serving.map(({ pod }) => this.#coresOf(pod));
    const totalCores = cores.reduce((sum, each) => sum + each, 0);
    const outcome = queueTick({
      arrivalRate: trouble.loadFactor * demand,
      servers: serving.length,
      serviceRate:
        serving.length === 0 ? 0 : (totalCores / serving.length) * WORLD_CONFIG.requestsPerCoreSecond,
      seconds,
      backlog: this.#backlog,
    });
    this.#backlog = outcome.backlog;
    const isSlow = trouble.delaySeconds > WORLD_CONFIG.waitThresholdSeconds;
    if (isSlow || outcome.slowShare > WORLD_CONFIG.slowShareTarget) this.#accounts.violatedSeconds += seconds;
    for (const [index, counters] of serving.entries()) {
      counters.leakedBytes += trouble.leakBytesPerSecond * seconds;
      use(counters, { outcome, cores: cores[index] ?? 0, servers: serving.length, seconds });
    }
    this.#receive(serving, { outcome, delaySeconds: trouble.delaySeconds }, random);
  }

  #coresOf(pod: WorldPod): number {
    const app = pod.containers[0];
    return app?.limits.cpu ?? app?.requests.cpu ?? this.spec.cpuRequestCores ?? 1;
  }

  /** Counters appear when a pod runs and vanish with it. */
  #keepCounters(pods: readonly WorldPod[]): void {
    const existing = new Set(pods.map((pod) => pod.uid));
    for (const uid of this.counters.keys()) if (!existing.has(uid)) this.counters.delete(uid);
    for (const pod of pods) {
      const counters = this.counters.get(pod.uid);
      if (counters !== undefined) counters.pod = pod;
      else if (pod.running) this.counters.set(pod.uid, newCounters(pod));
    }
  }

  /** A terminating replica is paid for its whole grace period, however fast the fake kubelet lets it go. */
  #bill(pods: readonly WorldPod[], seconds: number): void {
    const existing = pods.filter((pod) => !pod.finished);
    this.#accounts.replicaSeconds += existing.length * seconds;
    const uids = new Set(existing.map((pod) => pod.uid));
    for (const [uid, terminated] of this.#terminating) {
      if (uids.has(uid)) continue;
      this.#accounts.replicaSeconds += Math.max(0, WORLD_CONFIG.terminationSeconds - terminated);
      this.#terminating.delete(uid);
    }
    for (const pod of existing) {
      if (!pod.running) continue;
      const before = this.#terminating.get(pod.uid) ?? 0;
      this.#terminating.set(pod.uid, pod.deleting ? before + seconds : 0);
    }
  }

  /**
   * Counts the requests. Their number is drawn from a Poisson distribution; the physics had the exact rate, because
   * Erlang's formula already contains that randomness. The balancer goes round the pods.
   */
  #receive(serving: PodCounters[], { outcome, delaySeconds }: Received, random: Random): void {
    const requests = poisson(outcome.arrived, random);
    const droppedShare = outcome.arrived === 0 ? 0 : Math.min(1, outcome.dropped / outcome.arrived);
    this.#accounts.requests += requests;
    for (let i = 0; i < requests; i += 1) {
      const rejected = random() < droppedShare;
      const waited = rejected ? Infinity : sampleWait(outcome.waits, WORLD_CONFIG.queueSeconds, random);
      const wait = waited + delaySeconds;
      if (wait > WORLD_CONFIG.waitThresholdSeconds) this.#accounts.slowRequests += 1;
      this.#nextPod = (this.#nextPod + 1) % Math.max(1, serving.length);
      const counters = serving[this.#nextPod];
      if (counters !== undefined) count(counters, wait);
    }
  }
}

/** Of a pod that has not served yet. */
export function newCounters(pod: WorldPod): PodCounters {
  return {
    pod,
    cpuSeconds: 0,
    cfsPeriods: 0,
    cfsThrottled: 0,
    memoryBytes: WORLD_CONFIG.idleMemoryBytes,
    leakedBytes: 0,
    accepted: 0,
    rejected: 0,
    waitSeconds: 0,
    buckets: DURATION_BUCKETS.map(() => 0),
  };
}

/** What a workload lives through. */
export interface Moment {
  /** Requests per second. */
  readonly demand: number;
  readonly seconds: number;
  readonly trouble?: Trouble;
}

interface Received {
  readonly outcome: QueueOutcome;
  readonly delaySeconds: number;
}

interface Share {
  readonly outcome: QueueOutcome;
  /** Cores that this pod may use. */
  readonly cores: number;
  readonly servers: number;
  readonly seconds: number;
}

function use(counters: PodCounters, { outcome, cores, servers, seconds }: Share): void {
  counters.cpuSeconds += (outcome.busyServers / servers) * cores * seconds;
  const inside = Math.max(outcome.inSystem, outcome.busyServers + outcome.backlog) / servers;
  const needed = WORLD_CONFIG.idleMemoryBytes + inside * WORLD_CONFIG.requestMemoryBytes;
  counters.memoryBytes = Math.round(needed + counters.leakedBytes);
  const periods = CFS_PERIODS_PER_SECOND * seconds;
  counters.cfsPeriods += periods;
  // A pod is throttled while there is more to do than its cores can: while requests wait.
  counters.cfsThrottled += periods * shareBeyond(outcome.waits, 0);
}

/** `wait` in seconds; Infinity was turned away, after the time that the queue holds. */
function count(counters: PodCounters, wait: number): void {
  if (wait === Infinity) counters.rejected += 1;
  else counters.accepted += 1;
  counters.waitSeconds += Math.min(wait, WORLD_CONFIG.queueSeconds);
  for (const [index, bound] of DURATION_BUCKETS.entries()) {
    if (wait <= bound) counters.buckets[index] = (counters.buckets[index] ?? 0) + 1;
  }
}
