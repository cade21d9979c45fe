import type { PolicyStatus } from '../../../api/policy-status.ts';
import { MAX_ANOMALIES, MAX_SUSPECTS } from '../../../api/status/anomaly.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { Anomaly } from '../../../loop/analyze/anomaly/anomaly.ts';
import { similarText, suspectText } from '../../../loop/analyze/anomaly/attribution/attribution-text.ts';
import type { Attribution } from '../../../loop/analyze/anomaly/attribution/attribution.ts';
import { byGravity } from '../../../loop/analyze/anomaly/episodes.ts';
import { pValueOf } from '../../../loop/analyze/anomaly/surprise/p-value.ts';
import { timeText } from './status-values.ts';
import { knownQuantity } from './quantity-text.ts';

type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
type AnomalyStatus = NonNullable<WorkloadStatus['anomalies']>[number];

/** The gravest of what is open and this workload's own; undefined when nothing is. */
export function anomaliesStatus(open: readonly Anomaly[]): AnomalyStatus[] | undefined {
  const own = open.filter(({ told, fleetWide }) => told && !fleetWide);
  if (own.length === 0) return undefined;
  return own.toSorted(byGravity).slice(0, MAX_ANOMALIES).map(anomalyStatus);
}

function anomalyStatus(anomaly: Anomaly): AnomalyStatus {
  const { kind, signal, severity, since, holds, surprise, message, attribution } = anomaly;
  const expected = knownQuantity(anomaly.expected ?? NaN);
  const actual = knownQuantity(anomaly.actual ?? NaN);
  return {
    kind,
    signal,
    severity,
    since: timeText(since),
    holds,
    probability: pValueOf(surprise).toExponential(0),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    message: clip(message, MAX_MESSAGE_LENGTH),
    ...(attribution && attributionStatus(attribution)),
  };
}

type AttributionStatus = Pick<AnomalyStatus, 'firstMoved' | 'suspects' | 'similar'>;

function attributionStatus({ firstMoved, suspects, similar }: Attribution): AttributionStatus {
  return {
    ...(firstMoved && { firstMoved: { signal: firstMoved.signal, time: timeText(firstMoved.at) } }),
    ...(suspects.length > 0 && {
      suspects: suspects.slice(0, MAX_SUSPECTS).map((suspect) => ({
        workload: suspect.workload,
        signal: suspect.signal,
        time: timeText(suspect.at),
        message: clip(suspectText(suspect), MAX_MESSAGE_LENGTH),
      })),
    }),
    ...(similar && {
      similar: {
        time: timeText(similar.at),
        durationSeconds: Math.round(similar.durationMs / 1000),
        message: similarText(similar),
      },
    }),
  };
}
