import type { MetricSpec } from '../api/policy-spec.ts';
import { createDemandForecaster, type DemandForecaster } from './analyze/forecast/forecaster.ts';
import { IDLE, type Execution } from './execute/intent.ts';
import { turnWindowBack } from './execute/outcome-window.ts';
import type { Refusals } from './guard/guard.ts';
import { createScalingHistory, type ScalingHistory } from './guard/history.ts';
import { metricKey } from './monitor/metric-name.ts';
import { createReplicaWatch, type ReplicaChange, type ReplicaWatch } from './monitor/replica-watch.ts';
import { createStartupEstimate, type StartupEstimate } from './monitor/startup.ts';
import type { PolicyView } from './policy-view.ts';

/** The demand series of one metric and its forecaster. `key` changes when the metric's meaning does. */
export interface MetricState {
  readonly key: string;
  readonly forecaster: DemandForecaster;
}

/**
 * Everything the loop remembers of one policy. Arrays are mutated in place behind this single owner; the same
 * events in the same order give the same state.
 */
export interface PolicyState {
  readonly policyUid: string;
  readonly targetUid: string | undefined;
  readonly observedSince: number;
  readonly metrics: readonly MetricState[];
  readonly startup: StartupEstimate;
  readonly replicas: ReplicaWatch;
  readonly history: ScalingHistory;
  readonly execution: Execution;
  readonly lastActionAt: number | undefined;
  readonly refusals: Refusals | undefined;
  /** Times of the actions of the last hour, oldest first. */
  readonly actionTimes: readonly number[];
  /** The last recommendation that was recorded but not carried out, with the objection to it. */
  readonly lastProposal: string | undefined;
}

/** What survives a restart outside this process: read from status, target and journal. */
export interface Remembered {
  readonly observedSince?: number;
  readonly targetUid?: string;
  readonly replicas?: number;
  /** A change by somebody else that is still to be respected. */
  readonly foreignChange?: ReplicaChange;
  readonly lastActionAt?: number;
  readonly actionTimes?: readonly number[];
}

export function createPolicyState(policy: PolicyView, now: number, remembered: Remembered = {}): PolicyState {
  return {
    policyUid: policy.uid,
    targetUid: remembered.targetUid,
    observedSince: remembered.observedSince ?? now,
    metrics: policy.spec.metrics.map(createMetricState),
    startup: createStartupEstimate(),
    replicas: createReplicaWatch(remembered.replicas, remembered.foreignChange),
    history: createScalingHistory(),
    execution: IDLE,
    lastActionAt: remembered.lastActionAt,
    refusals: undefined,
    actionTimes: remembered.actionTimes ?? [],
    lastProposal: undefined,
  };
}

/** Keeps what an edited spec did not change: a metric with the same meaning keeps its series. */
export function adoptSpec(state: PolicyState, policy: PolicyView): PolicyState {
  const keys = policy.spec.metrics.map(metricKey);
  if (keys.length === state.metrics.length && keys.every((key, index) => state.metrics[index]?.key === key))
    return state;
  const known = new Map(state.metrics.map((metric) => [metric.key, metric]));
  return {
    ...state,
    metrics: policy.spec.metrics.map((spec) => known.get(metricKey(spec)) ?? createMetricState(spec)),
  };
}

/**
 * A target that was deleted and made again, or another target: nothing learned about the old one holds. A decision
 * about the old one still owes its ending.
 */
export function adoptTarget(
  state: PolicyState,
  policy: PolicyView,
  targetUid: string,
  now: number,
): PolicyState {
  if (state.targetUid === targetUid) return state;
  if (state.targetUid === undefined) return { ...state, targetUid };
  return { ...createPolicyState(policy, now), targetUid, execution: state.execution };
}

/**
 * After a clock stepped back, what was noted in its future counts as noted just now, or it would hold for ever.
 * Series and scaling history see to that themselves.
 */
export function turnBack(state: PolicyState, now: number): PolicyState {
  const { replicas, execution, lastActionAt, refusals } = state;
  if (replicas.change !== undefined && replicas.change.at > now) {
    replicas.change = { ...replicas.change, at: now };
  }
  if (replicas.accepted !== undefined && replicas.accepted.at > now) {
    replicas.accepted = { ...replicas.accepted, at: now };
  }
  return {
    ...state,
    observedSince: Math.min(state.observedSince, now),
    lastActionAt: lastActionAt === undefined ? undefined : Math.min(lastActionAt, now),
    refusals: refusals && { ...refusals, lastAt: Math.min(refusals.lastAt, now) },
    actionTimes: state.actionTimes.map((at) => Math.min(at, now)),
    execution:
      execution.phase === 'Observing'
        ? { ...execution, window: turnWindowBack(execution.window, now) }
        : execution,
  };
}

function createMetricState(spec: MetricSpec): MetricState {
  return { key: metricKey(spec), forecaster: createDemandForecaster() };
}
