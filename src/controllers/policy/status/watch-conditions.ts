import type { ConditionReason } from '../../../api/conditions.ts';
import type { LoopReport } from '../../../loop/report.ts';

interface Of<Type extends 'BaselineKnown' | 'ThreatSuspected'> {
  readonly reason: ConditionReason<Type>;
  readonly message: string;
}

/** Whether it is known what is usual for the workload. */
export function baselineKnown({ target, anomalies }: LoopReport): Of<'BaselineKnown'> {
  if ('problem' in target)
    return { reason: 'TargetUnavailable', message: 'without a target there is nothing to learn' };
  if (anomalies === undefined) return { reason: 'Disabled', message: 'spec.anomaly.mode is Disabled' };
  if (anomalies.baseline >= 1) return { reason: 'Known', message: 'a day or more of the workload is known' };
  // By the hour: a message that changes each minute is a write each minute.
  const hours = Math.floor(24 * anomalies.baseline);
  return { reason: 'Learning', message: `${hours} of 24 hours of the workload are known` };
}

/** What is suspected in the namespace, by the last look. */
export function threatSuspected({ threat }: LoopReport): Of<'ThreatSuspected'> {
  if (threat === undefined) return { reason: 'NotWatched', message: 'nobody looks for threats' };
  if (threat.freeze) return { reason: 'Frozen', message: threat.reason };
  if (threat.reason !== '') return { reason: 'Noticed', message: threat.reason };
  return { reason: 'NothingSuspected', message: 'no evidence in what is watched' };
}
