import { parseQuantity } from '../../api/quantity.ts';
import type { PolicySpec } from '../../api/policy-spec.ts';
import type { Reading } from './reading.ts';
import { allowedBadShare, type RequestObjective, type RequestReport } from './requests.ts';

/** What the policy promises and what a replica costs. */
export interface ObjectiveTerms {
  /** Share of time that may be violated, 0 … 1. */
  readonly allowedShare: number;
  /** Share of requests that may be bad, 0 … 1, where requests are all that is promised about. */
  readonly allowedBadShare?: number;
  readonly replicaHourPrice: number | undefined;
}

/**
 * Is the objective violated now? One indicator beyond its threshold is enough, and so is a larger share of bad
 * requests than allowed; that nothing is takes a fresh reading of everything. Undefined otherwise: unknown is not "fine".
 */
export function objectiveViolated(
  objective: PolicySpec['objective'],
  readings: readonly Reading[],
  requests?: RequestReport,
): boolean | undefined {
  if (objective === undefined) return undefined;
  const badRequests = tooManyBad(objective.requests, requests);
  if (badRequests === true) return true;
  let unknown = badRequests === undefined;
  for (const [index, indicator] of objective.indicators.entries()) {
    const reading = readings[index];
    if (reading?.quality !== 'Fresh') {
      unknown = true;
      continue;
    }
    const threshold = parseQuantity(indicator.threshold);
    const bad = indicator.comparison === 'AtMost' ? reading.value > threshold : reading.value < threshold;
    if (bad) return true;
  }
  return unknown ? undefined : false;
}

/** False for an objective that is not about requests; no requests at all are no bad ones. */
function tooManyBad(
  objective: RequestObjective | undefined,
  requests: RequestReport | undefined,
): boolean | undefined {
  if (objective === undefined) return false;
  if (requests?.counters === undefined) return undefined;
  return (requests.badShare ?? 0) > allowedBadShare(objective);
}

/** Terms by which an outcome is judged; undefined when the policy promises nothing. */
export function objectiveTerms(objective: PolicySpec['objective']): ObjectiveTerms | undefined {
  if (objective === undefined) return undefined;
  const { targetPercent, replicaHourPrice, requests, indicators } = objective;
  const onlyRequests = indicators.length === 0 ? requests : undefined;
  return {
    ...(onlyRequests === undefined ? {} : { allowedBadShare: allowedBadShare(onlyRequests) }),
    // Not 1 - share: 1 - 0.9 is a little less than 0.1 in doubles.
    allowedShare: (100 - targetPercent) / 100,
    replicaHourPrice: replicaHourPrice === undefined ? undefined : parseQuantity(replicaHourPrice),
  };
}
