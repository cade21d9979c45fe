import { prometheusOptionsSchema } from '../src/adapters/prometheus/options.ts';
import type { NamespaceUsage } from '../src/adapters/prometheus/pod-readings.ts';
import { Readings } from '../src/adapters/prometheus/workload-metrics.ts';
import type { PolicyStatus } from '../src/api/policy-status.ts';
import type { ClusterView } from '../src/controllers/policy/cluster-view.ts';
import { averagedSeconds, observe } from '../src/controllers/policy/measure.ts';
import { policyEntry, type PolicyEntry } from '../src/controllers/policy/policy-entry.ts';
import {
  withApplied,
  withEnding,
  withIntent,
  withProposal,
} from '../src/controllers/policy/status/policy-status.ts';
import type { Environment, LoopEvent } from '../src/loop/event.ts';
import type { LoopEffect } from '../src/loop/loop-effect.ts';
import { USUAL_WINDOW_SECONDS } from '../src/loop/knowledge/situations/window-grid.ts';
import { metricKey } from '../src/loop/monitor/metric-name.ts';
import type { Observation } from '../src/loop/monitor/observation.ts';
import type { Reading } from '../src/loop/monitor/reading.ts';
import type { PolicyView } from '../src/loop/policy-view.ts';
import { createPolicyState, type PolicyState } from '../src/loop/state.ts';
import { step, type StepResult } from '../src/loop/step.ts';
import { generateDemand, type Demand } from '../src/simulate/demand.ts';
import { seededRandom } from '../src/simulate/random.ts';
import { CORES_PER_REQUEST, ModelWorkload, TARGET_RATE, type WritableCaches } from './model-workload.ts';

export const TICK_MS = 15_000;
export const OUTCOME_WINDOW_SECONDS = 600;
export const HISTORY_DAYS = 14;

/** As the operator asks Prometheus for it. */
const HISTORY_STEP_MS = 60_000;
const DAY_MS = 86_400_000;

/** Longer than any suite runs: after it the noise would stand still. */
const LIFE_MS = 3 * DAY_MS;

const RATE_QUERY = 'sum(rate(http_requests_total[2m]))';
const LATENCY_QUERY =
  'histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[2m])))';

/** With the operator's defaults. */
const PROMETHEUS = prometheusOptionsSchema.parse({ url: 'http://prometheus:9090' });

type ValidEntry = Extract<PolicyEntry, { valid: true }>;

/** Namespaces hold ten policies each, as a team's might. */
const POLICIES_PER_NAMESPACE = 10;

/** One policy with everything that the operator would keep of it, and the workload that it scales. */
export interface Member {
  readonly entry: ValidEntry;
  readonly view: PolicyView;
  readonly workload: ModelWorkload;
  state: PolicyState;
  status: PolicyStatus;
}

export interface FleetOptions {
  readonly policies: number;
  /** Replicas of each workload at the mean of its load. */
  readonly replicas: number;
  readonly seed: number;
  /** Ms since the epoch at which it begins to run. */
  readonly now: number;
  /** Loads that differ from each other; policies beyond share them. All differ when left out. */
  readonly distinctLoads?: number;
}

/** Policies with their workloads in one process; nothing here leaves it. */
export class Fleet {
  readonly members: readonly Member[];
  readonly views: readonly PolicyView[];
  readonly caches: WritableCaches = {
    workloads: { Deployment: new Map(), StatefulSet: new Map() },
    replicaSets: new Map(),
    pods: new Map(),
    scalers: [],
  };
  #decisions = 0;

  constructor(options: FleetOptions) {
    const { policies, distinctLoads = policies } = options;
    const loads = Array.from({ length: distinctLoads }, (_, index) =>
      loadOf(options.seed + index, options.replicas * TARGET_RATE, options.now),
    );
    this.members = Array.from({ length: policies }, (_, index) =>
      this.#createMember(index, loads[index % distinctLoads]!, options),
    );
    this.views = this.members.map(({ view }) => view);
  }

  #createMember(index: number, demand: Demand, { replicas, now }: FleetOptions): Member {
    const namespace = `team-${Math.floor(index / POLICIES_PER_NAMESPACE)}`;
    const name = `app-${index}`;
    const entry = entryOf(namespace, name, 4 * replicas, now);
    const { view } = entry;
    const workload = new ModelWorkload({ namespace, name, demand, replicas, now }, this.caches);
    return { entry, view, workload, state: createPolicyState(view, now), status: {} };
  }

  environment(member: Member, now: number): Environment {
    this.#decisions += 1;
    return {
      now,
      policy: member.view,
      decisionId: `decision-${this.#decisions}`,
      epoch: 1,
      acting: true,
      tickSeconds: TICK_MS / 1000,
      outcomeWindowSeconds: OUTCOME_WINDOW_SECONDS,
      situationWindowSeconds: USUAL_WINDOW_SECONDS,
    };
  }

  /** Load and pods go on to `now`; what Prometheus would answer then. */
  advance(now: number): Readings {
    const usage = new Map<string, NamespaceUsage & { readonly pods: Map<string, Reading> }>();
    const queries = new Map<string, Reading>();
    for (const { view, workload } of this.members) {
      workload.advance(now);
      const { rate, latency, cores } = workload.measure(now);
      const { namespace } = view;
      const [metric] = view.spec.metrics;
      queries.set(`${namespace}/${metric?.prometheus?.query ?? ''}`, rate);
      queries.set(`${namespace}/${view.spec.objective?.indicators[0]?.query ?? ''}`, latency);
      const pods = usage.get(`${namespace}/cpu`)?.pods ?? new Map<string, Reading>();
      for (const [pod, reading] of cores) pods.set(pod, reading);
      usage.set(`${namespace}/cpu`, { pods });
    }
    return new Readings(usage, queries);
  }

  /** Does at once what a session would do through journal and API server, and tells the loop. */
  carryOut(member: Member, { state, effects }: StepResult, now: number): void {
    member.state = state;
    for (const effect of effects) {
      const answer = this.#answer(member, effect, now);
      if (answer !== undefined)
        this.carryOut(member, step(member.state, answer, this.environment(member, now)), now);
    }
  }

  #answer(member: Member, effect: LoopEffect, now: number): LoopEvent | undefined {
    switch (effect.type) {
      case 'StoreIntent':
        member.status = withIntent(member.status, effect.decision, OUTCOME_WINDOW_SECONDS);
        return { type: 'IntentStored', decisionId: effect.decision.id };
      case 'ApplyReplicas':
        member.workload.scale(effect.decision.to, effect.decision.id);
        return { type: 'Applied', decisionId: effect.decision.id, at: now };
      case 'RecordApplied':
        member.status = withApplied(member.status, effect.decision);
        return undefined;
      case 'RecordProposal':
        member.status = withProposal(member.status, effect.decision);
        return undefined;
      case 'RecordClosed':
      case 'RecordAborted':
        member.status = withEnding(member.status, effect.closed);
        return undefined;
      case 'RecordSituation':
      case 'RecordAttribution':
      case 'RecordAnomaly':
      case 'AskMemory':
      case 'Announce':
        return undefined;
    }
  }
}

/** As the controller puts together what a policy is told. */
export function observationOf(
  { entry, view }: Member,
  cluster: ClusterView,
  readings: Readings,
  now: number,
): Observation {
  return observe(view, cluster.target(view), {
    readings,
    averaged: averagedSeconds(entry, PROMETHEUS),
    now,
  });
}

/** The past of a member's metrics, as Prometheus would give it on a grid that ends at `now`. */
export function historyOf({ view, workload }: Member, now: number): readonly LoopEvent[] {
  const length = (HISTORY_DAYS * DAY_MS) / HISTORY_STEP_MS;
  const startMs = now - (length - 1) * HISTORY_STEP_MS;
  return view.spec.metrics.map((metric) => ({
    type: 'Backfill',
    demandKey: metricKey(metric),
    averagedSeconds: 0,
    past: [
      {
        startMs,
        stepMs: HISTORY_STEP_MS,
        values: Float64Array.from({ length }, (_, index) => {
          const rate = workload.demand(startMs + index * HISTORY_STEP_MS);
          return metric.prometheus === undefined ? rate * CORES_PER_REQUEST : rate;
        }),
      },
    ],
  }));
}

/** Daily and weekly rhythm with noise and bursts; every load has its own peak hour. */
function loadOf(seed: number, baseRate: number, now: number): Demand {
  const random = seededRandom(seed);
  const shape = {
    baseRate,
    dailySwing: 0.4,
    peakHour: 24 * random(),
    weekendFactor: 0.7,
    noise: 0.06,
    burstsPerDay: 2,
    burstFactor: 0.6,
  };
  return generateDemand(shape, { from: now - HISTORY_DAYS * DAY_MS, to: now + LIFE_MS }, random);
}

/** Through the parser and the PromQL compiler, as from the watch. */
function entryOf(namespace: string, name: string, maxReplicas: number, now: number): ValidEntry {
  const entry = policyEntry({
    metadata: {
      namespace,
      name,
      uid: `${namespace}-${name}-policy`,
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: new Date(now - DAY_MS).toISOString(),
    },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      mode: 'Apply',
      metrics: [
        {
          type: 'Prometheus',
          prometheus: {
            name: 'requests-per-second',
            query: RATE_QUERY.replace('total', `total{app="${name}"}`),
            target: { type: 'AverageValue', averageValue: String(TARGET_RATE) },
          },
        },
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
      horizontal: { minReplicas: 3, maxReplicas },
      objective: {
        targetPercent: 99,
        indicators: [
          {
            name: 'latency-p99',
            query: LATENCY_QUERY.replace('bucket', `bucket{app="${name}"}`),
            comparison: 'AtMost',
            threshold: '300m',
          },
        ],
        replicaHourPrice: '0.04',
      },
      observationSeconds: 0,
    },
  });
  if (!entry.valid) throw new Error(`the policy of the benchmark is not valid: ${entry.problem}`);
  return entry;
}
