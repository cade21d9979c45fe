import type { PolicyStatus } from '../../../api/policy-status.ts';
import { MAX_SUSPECTS } from '../../../api/status/anomaly.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import { similarText, suspectText } from '../../../loop/analyze/anomaly/attribution/attribution-text.ts';
import type { Attribution } from '../../../loop/analyze/anomaly/attribution/attribution.ts';
import { timeText } from './time-text.ts';

type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
type AnomalyStatus = NonNullable<WorkloadStatus['anomalies']>[number];
type AttributionStatus = Pick<AnomalyStatus, 'firstMoved' | 'suspects' | 'similar'>;

/** What may be behind an anomaly; what is not known is left out. */
export function attributionStatus({ firstMoved, suspects, similar }: Attribution): AttributionStatus {
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
