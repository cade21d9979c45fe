import { queueTick, shareBeyond, meanOfWaits, type QueueOutcome } from '../../src/simulate/queue.ts';
import { poisson, type Random } from '../../src/simulate/random.ts';
import { WORLD_CONFIG } from '../../src/simulate/world-config.ts';
import type { Sample } from './exposition.ts';
import { DURATION_BUCKETS, FAMILIES } from './families.ts';
import { durationSamples, networkSamples, rounded, scaleSamples } from './series.ts';
import type { WorkloadSpec } from './workload.ts';

/** A scrape each half minute: what a Prometheus with a usual interval would have kept. */
const USUAL_STEP_SECONDS = 30;
/**
 * For so long Prometheus still answers with the last sample of a series that has ended. Gauges of the past's pods
 * end that much earlier, or they would be added to those of the living.
 */
const LOOKBACK_MS = 300_000;
/** The people of the past kept their replicas 70 % busy at the highest load of the last ten minutes. */
const PAST_UTILIZATION = 0.7;
const PAST_PEAK_SECONDS = 600;

/** All of one workload at one time in the past. */
export interface PastMoment {
  /** ms since the epoch, the offset after a whole multiple of the step. */
  readonly at: number;
  /** The same series in the same order each time; the last is left out where gauges of pods must end. */
  readonly samples: readonly Sample[];
}

interface PastState {
  cpuSeconds: number;
  accepted: number;
  rejected: number;
  waitSeconds: number;
  memoryBytes: number;
  replicas: number;
  backlog: number;
  readonly buckets: number[];
}

/** Times in ms since the epoch. */
export interface PastSpan {
  readonly from: number;
  readonly until: number;
  /** From scrape to scrape; 30 when left out. */
  readonly stepSeconds?: number;
  /** From whole steps to the scrapes: Prometheus gives each target its own. 0 when left out. */
  readonly offsetSeconds?: number;
}

/**
 * What the exporter would have shown of a workload from `from` to `until`. The numbers of all its pods are
 * those of one, named as Kubernetes would, so that two weeks stay small.
 */
export function* past(
  spec: WorkloadSpec,
  { from, until, stepSeconds: seconds = USUAL_STEP_SECONDS, offsetSeconds = 0 }: PastSpan,
  random: Random,
): Generator<PastMoment> {
  const cores = spec.cpuRequestCores ?? 1;
  const serviceRate = cores * WORLD_CONFIG.requestsPerCoreSecond;
  const stepMs = seconds * 1000;
  const recent: number[] = [];
  const state: PastState = {
    ...{ cpuSeconds: 0, accepted: 0, rejected: 0, waitSeconds: 0, memoryBytes: 0, replicas: 1, backlog: 0 },
    buckets: DURATION_BUCKETS.map(() => 0),
  };
  for (let at = Math.ceil(from / stepMs) * stepMs + offsetSeconds * 1000; at < until; at += stepMs) {
    const arrivalRate = spec.demand(at - stepMs / 2);
    recent.push(arrivalRate);
    if (recent.length * seconds > PAST_PEAK_SECONDS) recent.shift();
    state.replicas = Math.max(1, Math.ceil(Math.max(...recent) / (serviceRate * PAST_UTILIZATION)));
    const { backlog, replicas: servers } = state;
    const outcome = queueTick({ arrivalRate, servers, serviceRate, seconds, backlog });
    state.cpuSeconds += outcome.busyServers * cores * seconds;
    receive(state, outcome, poisson(outcome.arrived, random));
    yield { at, samples: samplesOf(spec, state, until - at > LOOKBACK_MS) };
  }
}

function receive(state: PastState, outcome: QueueOutcome, requests: number): void {
  const rejected = Math.round(Math.min(requests, outcome.dropped));
  state.accepted += requests - rejected;
  state.rejected += rejected;
  state.backlog = outcome.backlog;
  state.waitSeconds += requests * meanOfWaits(outcome.waits, WORLD_CONFIG.queueSeconds);
  const inside = Math.max(outcome.inSystem, outcome.busyServers + outcome.backlog);
  state.memoryBytes =
    state.replicas * WORLD_CONFIG.idleMemoryBytes + inside * WORLD_CONFIG.requestMemoryBytes;
  for (const [index, bound] of DURATION_BUCKETS.entries()) {
    const within = (requests - rejected) * (1 - shareBeyond(outcome.waits, bound));
    state.buckets[index] = (state.buckets[index] ?? 0) + within;
  }
}

function samplesOf(spec: WorkloadSpec, state: PastState, withPodGauges: boolean): Sample[] {
  const { kind = 'Deployment', namespace, name } = spec;
  const { accepted, rejected, replicas, waitSeconds } = state;
  const pod = { namespace, pod: pastPod(kind, name) };
  const container = { ...pod, container: name };
  // Shares of whole requests: rounded down they are whole numbers that still rise and stay in order.
  const buckets = state.buckets.map(Math.floor);
  const samples: Sample[] = [
    { family: FAMILIES.cpuUsage, labels: container, value: rounded(state.cpuSeconds) },
    ...networkSamples(pod, state),
    { family: FAMILIES.requests, labels: { ...pod, code: '200' }, value: accepted },
    { family: FAMILIES.requests, labels: { ...pod, code: '503' }, value: rejected },
    ...durationSamples(pod, { buckets, count: accepted + rejected, waitSeconds }),
    ...scaleSamples({ kind, namespace, name, specReplicas: replicas, readyReplicas: replicas }),
  ];
  if (withPodGauges) {
    samples.push({ family: FAMILIES.workingSet, labels: container, value: Math.round(state.memoryBytes) });
  }
  return samples;
}

/** Made by Kubernetes' rules, so that whoever looks for the pods of a workload by their names finds this one too. */
function pastPod(kind: 'Deployment' | 'StatefulSet', name: string): string {
  return kind === 'StatefulSet' ? `${name}-999` : `${name}-pst-22222`;
}
