import { parseQuantity } from '../../src/api/quantity.ts';
import type { MetricSpec } from '../../src/api/policy-spec.ts';
import type { MetricObservation, PodView } from '../../src/loop/monitor/observation.ts';
import { missing } from '../../src/loop/monitor/reading.ts';
import { metricsProposal } from '../../src/loop/plan/metrics-proposal.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { hpaContender } from '../../src/simulate/rivals/hpa.ts';
import {
  DEFAULT_BEHAVIOR,
  HpaReconciler,
  type HpaBehavior,
} from '../../src/simulate/rivals/hpa-reconciler.ts';
import { keda } from '../../src/simulate/rivals/keda.ts';
import type { Measurements, Scaler, ScalerContext, ScalerView } from '../../src/simulate/scaler.ts';
import type { HpaCase, HpaMetric } from './hpa-cases.ts';
import type { ServedMetrics } from './hpa-metrics-server.ts';
import { windowOf } from './hpa-objects.ts';
import type { HpaSync } from './hpa-syncs.ts';

/** What the rival decides by: what the real HPA had before it at one sync. */
export interface RivalInput {
  readonly sync: HpaSync;
  readonly pods: readonly PodView[];
  /** What an External metric is compared with, where it is not `sync.current`. */
  readonly comparedReplicas?: number;
}

export interface Rival {
  decide(input: RivalInput): number;
  /** In place of what it decided last there are so many replicas now. */
  overruled(replicas: number): void;
}

/** The simulator's rival for a case. `behavior` is what the API server made of the HPA's, with its defaults. */
export function rivalOf(one: HpaCase, behavior: HpaBehavior | undefined): Rival {
  return one.through === 'contender' ? contenderOf(one, behavior) : calculatorOf(one, behavior);
}

function contenderOf(one: HpaCase, behavior: HpaBehavior | undefined): Rival {
  const scaler = scalerOf(one, behavior);
  let index = 0;
  return {
    decide: ({ sync, pods }) => {
      const living = pods.filter(({ deleting }) => !deleting);
      const ready = living.filter((pod) => pod.ready).length;
      const measured = measurementsOf(sync.metrics, living);
      const view: ScalerView = {
        now: sync.at,
        index: (index += 1),
        replicas: sync.current,
        ready,
        starting: living.length - ready,
        measured,
        scraped: measured,
        pods: living,
      };
      return scaler.decide(view);
    },
    overruled: (replicas) => scaler.refused?.({ replicas } as ScalerView),
  };
}

function scalerOf({ name, metrics, bounds }: HpaCase, behavior: HpaBehavior | undefined): Scaler {
  const [metric, ...more] = metrics;
  if (metric === undefined || metric.type === 'AverageValue' || more.length > 0) {
    throw new Error(`${name}: no contender scales on these metrics`);
  }
  const context: ScalerContext = {
    startAt: 0,
    decisionSeconds: 15,
    serviceRate: metric.type === 'External' ? metric.perReplica : 10,
    objective: { waitSeconds: 0.3, slowShare: 0.01 },
    startupSeconds: 20,
    bounds,
    warmup: new Float64Array(),
    random: seededRandom(1),
  };
  if (metric.type === 'External') return keda.create(100, context);
  const contender = hpaContender({
    name: 'hpa',
    title: 'HPA',
    targets: [metric.percent],
    behavior: behavior ?? null,
  });
  return contender.create(metric.percent, context);
}

/** The answer as a simulation has it: one sum over all pods, of which each took the same part while it was ready. */
function measurementsOf(metrics: ServedMetrics | undefined, pods: readonly PodView[]): Measurements {
  const [first] = metrics?.pods ?? [];
  const until = first?.at ?? metrics?.at ?? 0;
  return {
    until,
    demand: () => metrics?.total,
    cpu: (seconds) => first && first.cores * meanReady(pods, until, seconds),
    requests: 0,
    slowRequests: 0,
  };
}

/** Mean number of pods that were ready in the `seconds` before `until`. */
function meanReady(pods: readonly PodView[], until: number, seconds: number): number {
  const shares = pods.map(({ ready, readyChangedAt = Infinity }) => {
    return ready ? Math.min(1, Math.max(0, until - readyChangedAt) / (seconds * 1000)) : 0;
  });
  return shares.reduce((sum, share) => sum + share, 0);
}

function calculatorOf(one: HpaCase, behavior: HpaBehavior | undefined): Rival {
  const reconciler = new HpaReconciler({ ...one.bounds, behavior });
  const { scaleUp, scaleDown } = behavior ?? DEFAULT_BEHAVIOR;
  const tolerance = { up: parseQuantity(scaleUp.tolerance), down: parseQuantity(scaleDown.tolerance) };
  return {
    decide: (input) => {
      const { at, current } = input.sync;
      const proposed = proposal(one, input, tolerance);
      return reconciler.reconcile({ now: at, replicas: current } as ScalerView, proposed);
    },
    overruled: (replicas) => reconciler.overruled(replicas),
  };
}

/** Undefined where the HPA gives up: no metric speaks, or those that do would lower the count while another is silent. */
function proposal(
  one: HpaCase,
  { sync, pods, comparedReplicas = sync.current }: RivalInput,
  tolerance: { readonly up: number; readonly down: number },
): number | undefined {
  const proposed = metricsProposal({
    metrics: one.metrics.map(specOf),
    observations: one.metrics.map((metric) => observationOf(one, metric, sync.metrics)),
    pods,
    currentReplicas: comparedReplicas,
    tolerance,
    now: sync.at,
  });
  return proposed.outcome === 'Proposed' ? proposed.replicas : undefined;
}

function specOf(metric: HpaMetric): MetricSpec {
  switch (metric.type) {
    case 'Utilization': {
      const target = { type: 'Utilization', averageUtilization: metric.percent } as const;
      return { type: 'Resource', resource: { name: 'cpu', target } };
    }
    case 'AverageValue': {
      const target = { type: 'AverageValue', averageValue: String(metric.cores) } as const;
      return { type: 'Resource', resource: { name: 'cpu', target } };
    }
    case 'External': {
      const target = { type: 'AverageValue', averageValue: String(metric.perReplica) } as const;
      return { type: 'Prometheus', prometheus: { name: 'external', query: 'external', target } };
    }
  }
}

function observationOf(
  one: HpaCase,
  metric: HpaMetric,
  metrics: ServedMetrics | undefined,
): MetricObservation {
  if (metric.type === 'External') {
    const total = metrics?.total;
    if (total !== undefined) return { type: 'Prometheus', total: { quality: 'Fresh', value: total, at: 0 } };
    return { type: 'Prometheus', total: missing('QueryFailed', 'not served') };
  }
  const usage = (metrics?.pods ?? []).map(({ pod, cores, at }) => {
    return { pod, reading: { quality: 'Fresh', value: cores, at } } as const;
  });
  return { type: 'Resource', usage, averagedSeconds: windowOf(one) };
}
