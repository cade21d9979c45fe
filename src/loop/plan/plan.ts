import type { PolicySpec } from '../../api/policy-spec.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { USUAL_SCALE_DOWN_WINDOW_SECONDS } from '../../api/spec/behavior.ts';
import { isForecast, type Analysis, type ForecastSummary } from '../analyze/analyze.ts';
import type { Observation, TargetView } from '../monitor/observation.ts';
import { REQUESTS, type RequestObjective, type RequestReport } from '../monitor/requests.ts';
import type { SaturationEvidence } from '../monitor/saturation.ts';
import type { ReplicaCapacity } from './capacity/replica-capacity.ts';
import { requestCapacity, type CapacityMemory } from './capacity/request-capacity.ts';
import { forecastProposals } from './forecast-proposals.ts';
import type { MetricResult } from './metric-result.ts';
import { metricsProposal, type MetricsProposal } from './metrics-proposal.ts';
import type { Proposal } from './proposal.ts';
import { objectivePlan, type ObjectivePlan } from './objective-plan.ts';
import type { NewsvendorDecision, PacedNewsvendor } from './newsvendor/paced-newsvendor.ts';
import type { ScalingProfile } from './newsvendor/profile.ts';
import type { Tolerance } from './replica-arithmetic.ts';

export interface Plan {
  readonly proposals: readonly Proposal[];
  /** What demand as measured asks for; undefined when no metric speaks. */
  readonly reactive: number | undefined;
  /** The larger of reactive and forecast; undefined when no metric speaks: a forecast alone decides nothing. */
  readonly proposed: number | undefined;
  /** The forecast behind `proposed`, or the one that came nearest to it. */
  readonly leading: ForecastSummary | undefined;
  /** Which metrics cannot speak and why, in words; empty when all do. */
  readonly doubt: string;
  /** Every source's own answer, in the order of the policy's demand sources. */
  readonly results: readonly MetricResult[];
  /** How far back to look before a decrease, seconds. The newsvendor's profile holds replicas by itself. */
  readonly scaleDownWindowSeconds: number;
  /** What one replica completes; present when the objective is about requests. */
  readonly capacity: ReplicaCapacity | undefined;
  /** The newsvendor's decision, where the objective is about requests and a forecast is there. */
  readonly newsvendor: NewsvendorDecision | undefined;
  readonly neighbours: ObjectivePlan['neighbours'] | undefined;
}

export interface PlanInputs {
  readonly spec: PolicySpec;
  readonly observation: Observation;
  readonly target: TargetView;
  /** Present when the objective is about requests. */
  readonly requests: RequestReport | undefined;
  readonly analysis: Analysis;
  readonly newsvendor: PacedNewsvendor;
  /** The selected one; the spec's own where left out. */
  readonly profile?: ScalingProfile['name'] | undefined;
  readonly saturation: SaturationEvidence;
  readonly capacity: CapacityMemory;
  readonly now: number;
}

/** `desired = max(forecast, reactive)`: a forecast can only bring capacity earlier, never take it away. */
export function plan(inputs: PlanInputs): Plan {
  const { spec, observation, target, analysis, now } = inputs;
  const tolerance = toleranceOf(spec);
  const measured = metricsProposal({
    metrics: spec.metrics,
    observations: observation.metrics,
    pods: target.pods,
    currentReplicas: target.specReplicas,
    tolerance,
    now,
  });
  const objective = planObjective(inputs);
  const answers = answersOf(measured, objective);
  const proposals = [
    ...reactiveProposals(measured),
    ...forecastProposals({ spec, target, analysis, tolerance }),
    ...(objective?.proposals ?? []),
  ];
  const reactive = reactiveOf(answers, target.specReplicas);
  const leading = largest(proposals.filter(({ source }) => source === 'Forecast'));
  const proposed = reactive === undefined ? undefined : Math.max(reactive, leading?.replicas ?? 0);
  return {
    proposals,
    reactive,
    proposed,
    scaleDownWindowSeconds:
      objective?.newsvendor === undefined || proposed === 0 ? USUAL_SCALE_DOWN_WINDOW_SECONDS : 0,
    leading: forecastBehind(leading, analysis),
    doubt: doubtIn(answers),
    results: answers.map(({ result }) => result),
    capacity: objective?.capacity,
    newsvendor: objective?.newsvendor,
    neighbours: objective?.neighbours,
  };
}

/** A metric on the same requests says what each replica is meant to carry. */
function targetLoadOf({ metrics }: PolicySpec, { totalQuery }: RequestObjective): number | undefined {
  const same = metrics.find(({ prometheus }) => prometheus?.query === totalQuery)?.prometheus;
  return same === undefined ? undefined : parseQuantity(same.target.averageValue);
}

function planObjective(inputs: PlanInputs): ObjectivePlan | undefined {
  const { spec, target, requests, analysis, newsvendor, now } = inputs;
  const objective = spec.objective?.requests;
  if (objective === undefined || requests === undefined) return undefined;
  return objectivePlan({
    objective,
    requests,
    capacity: requestCapacity(inputs.capacity, {
      objective,
      saturation: inputs.saturation,
      targetLoad: targetLoadOf(spec, objective),
      readyReplicas: target.readyReplicas,
      now,
    }),
    demands: analysis.demands,
    newsvendor,
    profile: inputs.profile ?? spec.horizontal.profile,
    current: target.specReplicas,
    readyReplicas: target.readyReplicas,
    minReplicas: spec.horizontal.minReplicas,
    maxReplicas: spec.horizontal.maxReplicas,
    now,
  });
}

interface Answer {
  readonly metric: string;
  readonly result: MetricResult;
}

function answersOf({ metrics }: MetricsProposal, objective: ObjectivePlan | undefined): readonly Answer[] {
  return objective === undefined ? metrics : [...metrics, { metric: REQUESTS, result: objective.result }];
}

/** The forecast of that proposal's metric, or the first that there is. */
function forecastBehind(leading: Proposal | undefined, { forecasts }: Analysis): ForecastSummary | undefined {
  const known = forecasts.filter(isForecast);
  return known.find(({ metric }) => metric === leading?.metric) ?? known[0];
}

function doubtIn(answers: readonly Answer[]): string {
  return answers
    .flatMap(({ metric, result }) => (result.usable ? [] : [`${metric}: ${result.message}`]))
    .join('; ');
}

/** The largest answer wins; while one source is silent the others may raise the count but not lower it. */
function reactiveOf(answers: readonly Answer[], current: number): number | undefined {
  const replicas = answers.flatMap(({ result }) => (result.usable ? [result.replicas] : []));
  if (replicas.length === 0) return undefined;
  const largestAnswer = Math.max(...replicas);
  return replicas.length < answers.length ? Math.max(current, largestAnswer) : largestAnswer;
}

export function toleranceOf({ horizontal: { behavior } }: PolicySpec): Tolerance {
  return {
    up: parseQuantity(behavior.scaleUp.tolerance),
    down: parseQuantity(behavior.scaleDown.tolerance),
  };
}

function reactiveProposals({ metrics }: MetricsProposal): readonly Proposal[] {
  return metrics.flatMap(({ metric, result }) =>
    result.usable
      ? [{ source: 'Reactive', metric, replicas: result.replicas, detail: result.detail } as const]
      : [],
  );
}

function largest(proposals: readonly Proposal[]): Proposal | undefined {
  return proposals.reduce<Proposal | undefined>(
    (best, next) => (best === undefined || next.replicas > best.replicas ? next : best),
    undefined,
  );
}
