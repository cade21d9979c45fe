import type { PolicySpec } from '../../api/policy-spec.ts';
import { objectiveViolated } from './objective.ts';
import type { Reading } from './reading.ts';
import type { RequestReport } from './requests.ts';

/** What is looked at where bad requests are not counted, the best first. */
export type ObjectiveSubstitute = 'Indicators' | 'Throttling' | 'QueueModel';

/** Whether good and bad requests are told apart by a measurement: the condition `ObjectiveMeasured`. */
export type ObjectiveMeasurement =
  | { readonly measured: true; readonly message: string }
  | {
      readonly measured: false;
      readonly reason: 'NoQuery' | 'NoRequests' | 'NotFresh';
      /** Undefined when there is nothing else to look at either. */
      readonly substitute: ObjectiveSubstitute | undefined;
      readonly message: string;
    };

/** What else is known of how the workload is served. */
export interface ServiceSignals {
  readonly requests: RequestReport | undefined;
  /** One for each indicator of the objective. */
  readonly indicators: readonly Reading[];
  /** Share of the CFS periods in which CPU quotas held the pods back; undefined where it is not measured. */
  readonly throttledShare: Reading | undefined;
  /** The capacity of a replica is known, so that a queue can be computed. */
  readonly capacityKnown: boolean;
}

const SUBSTITUTES: Readonly<Record<ObjectiveSubstitute, string>> = {
  Indicators: 'the indicators of the objective say whether a moment was good, and no price is paced by them',
  Throttling: 'a moment counts as bad while CPU limits hold the pods back, and no price is paced by it',
  QueueModel:
    'bad requests are computed from load and capacity as of a queue, and nothing corrects a wrong capacity',
};

/** Undefined when the policy has no objective. */
export function objectiveMeasurement(
  objective: PolicySpec['objective'],
  signals: ServiceSignals,
): ObjectiveMeasurement | undefined {
  if (objective === undefined) return undefined;
  const why = whyNotMeasured(objective.requests, signals.requests);
  if (why === undefined) {
    return {
      measured: true,
      message: 'bad requests are counted, and the price of spare replicas follows them',
    };
  }
  const substitute = substituteFor(signals);
  const instead =
    substitute === undefined ? 'nothing else tells how well requests are served' : SUBSTITUTES[substitute];
  return { measured: false, reason: why.reason, substitute, message: `${why.message}: ${instead}` };
}

/** The alert CPUThrottlingHigh of kubernetes-mixin fires above a quarter of the periods: less is no harm by itself. */
const HARMFUL_THROTTLING = 0.25;

/**
 * Share of what was served badly just now, 0 … 1, by the best that is measured: requests, or whether the moment was
 * good by the indicators, or by throttling. What a load does to a replica is learned from it. Undefined when unknown.
 */
export function badShareNow(
  objective: PolicySpec['objective'],
  { requests, indicators, throttledShare }: Omit<ServiceSignals, 'capacityKnown'>,
): number | undefined {
  if (requests?.badShare !== undefined) return requests.badShare;
  if (objective !== undefined && objective.indicators.length > 0) {
    const violated = objectiveViolated({ ...objective, requests: undefined }, indicators);
    if (violated !== undefined) return violated ? 1 : 0;
  }
  if (throttledShare?.quality !== 'Fresh') return undefined;
  return throttledShare.value > HARMFUL_THROTTLING ? 1 : 0;
}

interface Why {
  readonly reason: 'NoQuery' | 'NoRequests' | 'NotFresh';
  readonly message: string;
}

function whyNotMeasured(
  requests: NonNullable<PolicySpec['objective']>['requests'],
  report: RequestReport | undefined,
): Why | undefined {
  if (requests === undefined) {
    return { reason: 'NoRequests', message: 'the policy has no spec.objective.requests' };
  }
  if (requests.badQuery === undefined) {
    return { reason: 'NoQuery', message: 'spec.objective.requests has no badQuery' };
  }
  const total = notFresh('totalQuery', report?.total);
  const doubt = total ?? notFresh('badQuery', report?.bad);
  return doubt === undefined ? undefined : { reason: 'NotFresh', message: doubt };
}

function notFresh(query: string, reading: Reading | undefined): string | undefined {
  if (reading === undefined) return `${query} was not measured yet`;
  if (reading.quality === 'Fresh') return undefined;
  if (reading.quality === 'Stale') return `${query} is stale since ${new Date(reading.at).toISOString()}`;
  return `${query} is missing (${reading.message})`;
}

function substituteFor(signals: ServiceSignals): ObjectiveSubstitute | undefined {
  const { indicators, throttledShare, requests, capacityKnown } = signals;
  if (indicators.some(({ quality }) => quality === 'Fresh')) return 'Indicators';
  if (throttledShare?.quality === 'Fresh') return 'Throttling';
  return capacityKnown && requests?.total.quality === 'Fresh' ? 'QueueModel' : undefined;
}
