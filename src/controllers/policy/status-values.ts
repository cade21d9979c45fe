import type { PolicyStatus } from '../../api/policy-status.ts';
import { parseQuantity } from '../../api/quantity.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../api/schema/text.ts';
import type { ForecastSummary } from '../../loop/analyze/analyze.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { Outcome } from '../../loop/execute/outcome.ts';

// From the loop's values to the API's: no floats, times as text, messages within their limits.

export type DecisionStatus = NonNullable<PolicyStatus['decisions']>[number];
export type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
export type PendingStatus = NonNullable<PolicyStatus['pending']>;

/** RFC 3339 with whole seconds, as `metav1.Time`. */
export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A quantity ends below 2^63, and what is finer than 10^-9 has no digits in it: shown are its ends. */
const LARGEST = 9e18;
const SMALLEST = 1e-9;

/**
 * Three significant digits are what a person reads, and more would only make the status change all the time.
 * Written as a decimal ("49.4"): a quantity all the same, and easier to read than the canonical "49400m".
 */
export function quantityText(value: number): string {
  if (value === 0) return '0';
  const shown = Math.min(LARGEST, Math.max(SMALLEST, value));
  return String(shown >= 1000 ? Math.round(shown) : Number(shown.toPrecision(3)));
}

export function decisionStatus(decision: Decision, state: DecisionStatus['state']): DecisionStatus {
  return {
    id: decision.id,
    time: timeText(decision.at),
    mode: decision.mode,
    action: decision.action,
    from: decision.from,
    to: decision.to,
    state,
    message: clip(decision.message, MAX_MESSAGE_LENGTH),
    proposals: decision.proposals.map(({ source, metric, replicas, detail }) => ({
      source,
      metric,
      replicas,
      detail,
    })),
    guards: decision.guards.map(({ guard, outcome, before, after, reason, message }) => ({
      guard,
      outcome,
      before,
      after,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message: clip(message, MAX_MESSAGE_LENGTH) }),
    })),
  };
}

export function outcomeStatus(outcome: Outcome): NonNullable<DecisionStatus['outcome']> {
  return {
    result: outcome.result,
    endTime: timeText(outcome.at),
    observedSeconds: outcome.observedSeconds,
    violatedSeconds: outcome.violatedSeconds,
    replicaSeconds: outcome.replicaSeconds,
    ...(outcome.cost === undefined ? {} : { cost: quantityText(outcome.cost) }),
    message: clip(outcome.message, MAX_MESSAGE_LENGTH),
  };
}

/** As far as the status tells it. */
export function outcomeFromStatus(outcome: NonNullable<DecisionStatus['outcome']>): Outcome {
  const { result, endTime, observedSeconds, violatedSeconds, replicaSeconds, cost, message } = outcome;
  return {
    result,
    at: Date.parse(endTime),
    observedSeconds,
    measuredSeconds: observedSeconds,
    violatedSeconds,
    replicaSeconds,
    ...(cost === undefined ? {} : { cost: parseQuantity(cost) }),
    message,
  };
}

export function forecastStatus(forecast: ForecastSummary): NonNullable<WorkloadStatus['forecast']> {
  const percent = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 100);
  return {
    metric: forecast.metric,
    peak: quantityText(forecast.peak),
    upper: quantityText(forecast.upper),
    confidencePercent: forecast.confidencePercent,
    horizonSeconds: forecast.horizonSeconds,
    ...(forecast.coverage === undefined ? {} : { coveragePercent: percent(forecast.coverage) }),
    ...(forecast.accuracy === undefined ? {} : { accuracyPercent: percent(forecast.accuracy) }),
    samples: forecast.samples,
  };
}

/** What recovery needs of a decision's status entry, back in the loop's terms. */
export function pendingStatus(decision: Decision, outcomeWindowSeconds: number): PendingStatus {
  return {
    decisionId: decision.id,
    targetUid: decision.target.uid,
    previousReplicas: decision.from,
    nextReplicas: decision.to,
    startTime: timeText(decision.at),
    deadlineTime: timeText(decision.at + outcomeWindowSeconds * 1000),
    epoch: decision.epoch,
  };
}
