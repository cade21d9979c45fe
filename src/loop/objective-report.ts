import { demandMinutes } from './analyze/demand-minutes.ts';
import type { PeakForecaster } from './analyze/peak/forecaster-state.ts';
import type { Environment } from './event.ts';
import type { Monitoring } from './monitor/monitor.ts';
import { objectiveMeasurement, type ObjectiveMeasurement } from './monitor/objective-measured.ts';
import type { Observation } from './monitor/observation.ts';
import { allowedBadShare, requestsKey, type RequestObjective } from './monitor/requests.ts';
import { budgetOutlook, type StrainedBudget } from './plan/newsvendor/budget-outlook.ts';
import type { Plan } from './plan/plan.ts';
import type { PolicyState } from './state.ts';

/** What is to be said of the objective itself, beside the decisions that serve it. */
export interface ObjectiveReport {
  readonly measurement: ObjectiveMeasurement;
  /** Present while the price of a bad request has been extreme for a day: the objective cannot be met at a sane cost. */
  readonly strained: StrainedBudget | undefined;
}

export interface ObjectiveFacts {
  readonly env: Pick<Environment, 'now' | 'policy'>;
  readonly state: PolicyState;
  readonly observation: Observation;
  readonly monitoring: Monitoring;
  readonly planned: Pick<Plan, 'capacity'>;
}

/** Undefined when the policy has no objective. */
export function objectiveReport(facts: ObjectiveFacts): ObjectiveReport | undefined {
  const { env, observation, monitoring, planned } = facts;
  const { objective } = env.policy.spec;
  const measurement = objectiveMeasurement(objective, {
    requests: monitoring.requests,
    indicators: observation.indicators,
    throttledShare: observation.signals?.cpuThrottledShare,
    capacityKnown: planned.capacity?.known === true,
  });
  if (measurement === undefined) return undefined;
  const requests = objective?.requests;
  return { measurement, strained: requests && strainedBudget(requests, facts) };
}

/** To look at a week takes milliseconds, and its advice does not change from tick to tick. */
const LOOK_MS = 3_600_000;

function strainedBudget(
  objective: RequestObjective,
  { env, state, monitoring, planned }: ObjectiveFacts,
): StrainedBudget | undefined {
  const { now } = env;
  if (state.requests === undefined) return undefined;
  const { strain, newsvendor } = state.requests;
  if (Number.isNaN(newsvendor.pacing.strainedSince)) {
    strain.found = undefined;
    strain.lookedAt = NaN;
    return undefined;
  }
  const elapsed = now - strain.lookedAt;
  const { capacity } = planned;
  if ((elapsed >= 0 && elapsed < LOOK_MS) || capacity?.known !== true) return strain.found;
  strain.lookedAt = now;
  strain.found = budgetOutlook(newsvendor.pacing, {
    now,
    service: capacity.service,
    slowShare: allowedBadShare(objective),
    minutes: minutesOf(state.demands, requestsKey(objective)),
    // As the forecasts: half of the pods come sooner.
    startupSeconds: monitoring.startup.medianSeconds,
    lagSeconds: monitoring.requests?.lagSeconds ?? 0,
  });
  return strain.found;
}

function minutesOf(
  demands: readonly { readonly key: string; readonly forecaster: PeakForecaster }[],
  key: string,
): ArrayLike<number> {
  const demand = demands.find((candidate) => candidate.key === key);
  return demand === undefined ? [] : demandMinutes(demand.forecaster);
}
