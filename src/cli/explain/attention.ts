import type { ConditionType } from '../../api/conditions.ts';
import type { Condition } from '../../api/policy-status.ts';

interface Normal {
  /** The status when all is well. */
  readonly status: 'True' | 'False';
  /** Other reasons that somebody chose, or that are shown elsewhere. */
  readonly reasons: readonly string[];
  /** What is said when it is otherwise. */
  readonly otherwise: string;
}

/** What people need not be told of each condition, and what they are told. */
const NORMAL: Readonly<Record<ConditionType, Normal>> = {
  Ready: { status: 'True', reasons: [], otherwise: 'Not ready' },
  TargetResolved: { status: 'True', reasons: [], otherwise: 'The target cannot be used' },
  MetricsAvailable: { status: 'True', reasons: [], otherwise: 'Metrics are missing' },
  ObservationComplete: { status: 'True', reasons: [], otherwise: 'Only observed so far' },
  ForecastReliable: {
    status: 'True',
    reasons: ['Disabled'],
    otherwise: 'Forecasts order no replicas',
  },
  ObjectiveMeasured: {
    status: 'True',
    reasons: ['NoObjective', 'NoRequests', 'NoQuery'],
    otherwise: 'Bad requests are not counted',
  },
  ObjectiveAttainable: {
    status: 'True',
    reasons: ['NotCounted'],
    otherwise: 'The objective cannot be met at a sane cost',
  },
  ReplayTrusted: {
    status: 'True',
    reasons: ['NotSelecting', 'TooFewWindows'],
    otherwise: 'Replay is not what comes',
  },
  // Preview is said with the mode.
  ActionSuspended: { status: 'False', reasons: ['PreviewMode'], otherwise: 'Nothing is carried out' },
  ScaleDownHeld: { status: 'False', reasons: [], otherwise: 'Nothing is lowered' },
  ThreatSuspected: { status: 'False', reasons: ['NotWatched'], otherwise: 'An attack is suspected' },
  BaselineKnown: {
    status: 'True',
    reasons: ['Disabled'],
    otherwise: 'What is usual is still being learned',
  },
  Degraded: { status: 'False', reasons: [], otherwise: 'Something is missing' },
};

/** Reasons that only point to another condition, and to which. */
const POINTERS: Readonly<Partial<Record<string, ConditionType>>> = {
  TargetUnavailable: 'TargetResolved',
  MetricsUnavailable: 'MetricsAvailable',
  Observing: 'ObservationComplete',
};

/** A condition that people should know of. */
export interface Attention extends Condition {
  readonly headline: string;
}

/**
 * The conditions that are not as they should be, in the order of the status. One that only points to another is left out
 * beside it, and of what was not looked at yet only `Ready` is said.
 */
export function attentionOf(conditions: readonly Condition[]): readonly Attention[] {
  const unusual = conditions.flatMap((condition): Attention[] => {
    const normal = (NORMAL as Readonly<Record<string, Normal | undefined>>)[condition.type];
    // Of a newer operator's condition it is not known which status is well.
    if (normal === undefined || isNormal(condition, normal)) return [];
    return [{ ...condition, headline: normal.otherwise }];
  });
  return unusual.filter(({ type, reason }) => {
    const root = reason === 'NotYetEvaluated' ? 'Ready' : POINTERS[reason];
    return root === undefined || root === type || !unusual.some((other) => other.type === root);
  });
}

function isNormal({ status, reason }: Condition, normal: Normal): boolean {
  return status === normal.status || normal.reasons.includes(reason);
}
