import type { TargetProblem, TargetView } from '../monitor/observation.ts';

/** The intent that was in flight when the last leader stopped, as `status.pending` and the journal tell it. */
export interface PendingIntent {
  readonly decisionId: string;
  readonly targetUid: string;
  readonly previousReplicas: number;
  readonly nextReplicas: number;
}

/**
 * A write whose answer was lost, or whose sender died, may still arrive at the server. Only when this time has
 * passed since the decision does "the target is unchanged" mean that it never will be (it is sent
 * within 10 s or not at all, and has a deadline of 5 s; what a dead process left in its socket the kernel goes on sending).
 */
const LATE_ARRIVAL_MS = 20_000;

/** `decidedAt` and `now` in ms. A decision from far in the future is a clock that jumped: nothing is waited for. */
export function mayStillArrive(decidedAt: number, now: number): boolean {
  return Math.abs(now - decidedAt) < LATE_ARRIVAL_MS;
}

/**
 * What became of an intent, judged by the target alone. The value and the decision's annotation are written by
 * one request, so they cannot disagree.
 *
 * | target now                          | verdict    | then                                    |
 * |-------------------------------------|------------|-----------------------------------------|
 * | annotation is this decision         | Applied    | go on observing its outcome             |
 * | same object, replicas as before     | NotApplied | abort once it cannot arrive any more    |
 * | another value, object or annotation | Superseded | abort; somebody else has acted since    |
 * | cannot be read                      | Unknown    | wait: nothing is decided on a guess     |
 */
export type RecoveryVerdict = 'Applied' | 'NotApplied' | 'Superseded' | 'Unknown';

export function judgeRecovery(pending: PendingIntent, target: TargetView | TargetProblem): RecoveryVerdict {
  if ('problem' in target) {
    return target.problem === 'NotFound' || target.problem === 'Replaced' ? 'Superseded' : 'Unknown';
  }
  if (target.uid !== pending.targetUid) return 'Superseded';
  if (target.decisionAnnotation === pending.decisionId) return 'Applied';
  return target.specReplicas === pending.previousReplicas ? 'NotApplied' : 'Superseded';
}
