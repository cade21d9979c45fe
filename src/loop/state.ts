import { createAnomalyState, type AnomalyState } from './analyze/anomaly/anomaly-state.ts';
import { noteRevision } from './analyze/peak/forecaster.ts';
import { createPeakForecaster, type PeakForecaster } from './analyze/peak/forecaster-state.ts';
import type { ForecastTier } from './analyze/peak/tier.ts';
import { IDLE, type Execution } from './execute/intent.ts';
import { turnWindowBack } from './execute/outcome-window.ts';
import type { Refusals } from './guard/guard.ts';
import { createScalingHistory, type ScalingHistory } from './guard/history.ts';
import { createSafetyState, turnSafetyBack, type SafetyState } from './guard/safety.ts';
import { demandSources, type DemandSource } from './monitor/demand-source.ts';
import { createFeatureState, type FeatureState } from './monitor/features/feature-state.ts';
import type { TargetView } from './monitor/observation.ts';
import { createReplicaWatch, type ReplicaChange, type ReplicaWatch } from './monitor/replica-watch.ts';
import { createRequestMeter, type RequestMeter } from './monitor/requests.ts';
import { createSaturationEvidence, weakenEvidence, type SaturationEvidence } from './monitor/saturation.ts';
import { createWarmupEstimate, type WarmupEstimate } from './monitor/startup-cpu.ts';
import { createStartupEstimate, type StartupEstimate } from './monitor/startup.ts';
import { createCapacityMemory, type CapacityMemory } from './plan/capacity/request-capacity.ts';
import type { StrainedBudget } from './plan/newsvendor/budget-outlook.ts';
import { createPacedNewsvendor, type PacedNewsvendor } from './plan/newsvendor/paced-newsvendor.ts';
import {
  adoptSelection,
  turnSelectionMemoryBack,
  type SelectionMemory,
} from './plan/selection/selection-memory.ts';
import { turnAttributionBack } from './knowledge/reward/decision-attribution.ts';
import { createSituationMemory, type SituationMemory } from './knowledge/situations/situation-memory.ts';
import type { PolicyView } from './policy-view.ts';

/**
 * Of everything that a `PolicyState` holds but its execution. Raised by whoever changes the shape or the meaning of a
 * field, however deep: a checkpoint of another version is not read, and history is read from Prometheus instead.
 */
export const STATE_SCHEMA_VERSION = 6;

/** The demand series of one source and its forecaster. `key` changes when the source's meaning does. */
export interface DemandState {
  readonly key: string;
  readonly forecaster: PeakForecaster;
}

/** What was found when a strained budget was last looked at, and when that was, ms since the epoch; NaN before. */
export interface StrainWatch {
  found: StrainedBudget | undefined;
  lookedAt: number;
}

/** What is remembered of the requests of one objective. */
export interface RequestMemory {
  readonly meter: RequestMeter;
  readonly saturation: SaturationEvidence;
  readonly capacity: CapacityMemory;
  readonly newsvendor: PacedNewsvendor;
  readonly strain: StrainWatch;
}

/**
 * Everything the loop remembers of one policy. Arrays are mutated in place behind this single owner; the same
 * events in the same order give the same state.
 */
export interface PolicyState {
  readonly policyUid: string;
  readonly targetUid: string | undefined;
  readonly observedSince: number;
  /** Since when the target's revision is wanted, ms; undefined before it was told. */
  readonly revisionAt: number | undefined;
  /** What 'Auto' of `spec.forecast.tier` means for this policy. */
  readonly autoTier: ForecastTier;
  /** In the order of the policy's demand sources. */
  readonly demands: readonly DemandState[];
  /** Undefined where the policy has no objective about requests. */
  readonly requests: RequestMemory | undefined;
  readonly features: FeatureState;
  readonly anomaly: AnomalyState;
  readonly situations: SituationMemory;
  /** Undefined where the policy selects nothing. */
  readonly selection: SelectionMemory | undefined;
  readonly startup: StartupEstimate;
  readonly warmup: WarmupEstimate;
  readonly replicas: ReplicaWatch;
  readonly history: ScalingHistory;
  readonly safety: SafetyState;
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
  /** When decreases had to be undone, oldest first. */
  readonly rollbackTimes?: readonly number[];
  /** What 'Auto' of `spec.forecast.tier` means for this policy; the full tier when left out. */
  readonly autoTier?: ForecastTier;
}

export function createPolicyState(policy: PolicyView, now: number, remembered: Remembered = {}): PolicyState {
  const autoTier = remembered.autoTier ?? 'Full';
  const tier = tierOf(policy, autoTier);
  return {
    policyUid: policy.uid,
    targetUid: remembered.targetUid,
    observedSince: remembered.observedSince ?? now,
    revisionAt: undefined,
    autoTier,
    demands: demandSources(policy.spec).map((source) => createDemandState(source, tier)),
    requests: policy.spec.objective?.requests === undefined ? undefined : createRequestMemory(),
    features: createFeatureState(policy),
    anomaly: createAnomalyState(),
    situations: createSituationMemory(),
    selection: adoptSelection(undefined, policy),
    startup: createStartupEstimate(),
    warmup: createWarmupEstimate(),
    replicas: createReplicaWatch(remembered.replicas, remembered.foreignChange),
    history: createScalingHistory(),
    safety: createSafetyState(remembered.rollbackTimes),
    execution: IDLE,
    lastActionAt: remembered.lastActionAt,
    refusals: undefined,
    actionTimes: remembered.actionTimes ?? [],
    lastProposal: undefined,
  };
}

/** Keeps what an edited spec did not change: a source with the same meaning keeps its series. */
export function adoptSpec(given: PolicyState, policy: PolicyView): PolicyState {
  const selection = adoptSelection(given.selection, policy);
  const state = selection === given.selection ? given : { ...given, selection };
  const sources = demandSources(policy.spec);
  const tier = tierOf(policy, state.autoTier);
  const { demands } = state;
  const same = (source: DemandSource, demand: DemandState | undefined): boolean =>
    demand?.key === source.key && demand.forecaster.tier === tier;
  if (sources.length === demands.length && sources.every((source, index) => same(source, demands[index])))
    return state;
  const known = new Map(demands.map((demand) => [demand.key, demand]));
  const requests = sources.find(({ type }) => type === 'Requests');
  return {
    ...state,
    demands: sources.map((source) => {
      const demand = known.get(source.key);
      return demand !== undefined && same(source, demand) ? demand : createDemandState(source, tier);
    }),
    requests: requests && (known.has(requests.key) ? state.requests : createRequestMemory()),
  };
}

/** For a policy whose objective is about requests; another's is empty after each tick. */
export function createRequestMemory(): RequestMemory {
  return {
    meter: createRequestMeter(),
    saturation: createSaturationEvidence(),
    capacity: createCapacityMemory(),
    newsvendor: createPacedNewsvendor(),
    strain: { found: undefined, lookedAt: NaN },
  };
}

function tierOf({ spec }: PolicyView, autoTier: ForecastTier): ForecastTier {
  return spec.forecast.tier === 'Auto' ? autoTier : spec.forecast.tier;
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
  return {
    ...createPolicyState(policy, now, { autoTier: state.autoTier }),
    targetUid,
    execution: state.execution,
  };
}

/**
 * Another revision may meet another load and carry another: forecasts widen and learn faster, and what was learned of a
 * replica's capacity counts little. Its time is that of its oldest pod where nothing better tells, and a pod that was
 * replaced makes it later: only while pods are being replaced by others is it a new one.
 */
export function adoptRevision(
  state: PolicyState,
  { revisionChangedAt: revisionAt, rolloutInProgress }: TargetView,
): PolicyState {
  if (revisionAt === undefined || revisionAt === state.revisionAt) return state;
  if (rolloutInProgress && state.revisionAt !== undefined && revisionAt > state.revisionAt) {
    for (const { forecaster } of state.demands) noteRevision(forecaster, revisionAt);
    if (state.requests !== undefined) weakenEvidence(state.requests.saturation);
  }
  return { ...state, revisionAt };
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
  turnSafetyBack(state.safety, now);
  turnAttributionBack(state.situations.attribution, now);
  if (state.selection !== undefined) turnSelectionMemoryBack(state.selection, now);
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

function createDemandState({ key }: DemandSource, tier: ForecastTier): DemandState {
  return { key, forecaster: createPeakForecaster(tier) };
}
