import type { PolicyStatus } from '../../../api/policy-status.ts';
import { MAX_ANOMALIES } from '../../../api/status/anomaly.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { Anomaly } from '../../../loop/analyze/anomaly/anomaly.ts';
import { byGravity } from '../../../loop/analyze/anomaly/episodes.ts';
import { pValueOf } from '../../../loop/analyze/anomaly/surprise/p-value.ts';
import { attributionStatus } from './attribution-status.ts';
import { timeText } from './time-text.ts';
import { knownQuantity } from './quantity-text.ts';

type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
type AnomalyStatus = NonNullable<WorkloadStatus['anomalies']>[number];

/** The gravest of what is open and this workload's own; undefined when nothing is. */
export function anomaliesStatus(open: readonly Anomaly[]): AnomalyStatus[] | undefined {
  const shown = shownAnomalies(open);
  return shown.length === 0 ? undefined : shown.map(anomalyStatus);
}

/** In the order of the status. */
export function shownAnomalies(open: readonly Anomaly[]): readonly Anomaly[] {
  const own = open.filter(({ told, fleetWide }) => told && !fleetWide);
  return own.toSorted(byGravity).slice(0, MAX_ANOMALIES);
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
