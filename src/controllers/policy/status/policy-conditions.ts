import type { ConditionReason } from '../../../api/conditions.ts';
import type { Condition } from '../../../api/policy-status.ts';
import { setCondition, type ConditionUpdate } from '../../../api/set-condition.ts';
import { isForecast } from '../../../loop/analyze/analyze.ts';
import type { TargetProblem } from '../../../loop/monitor/observation.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { objectiveAttainable, objectiveMeasured } from './objective-conditions.ts';
import { replayTrusted } from './selection-condition.ts';
import { baselineKnown, threatSuspected } from './watch-conditions.ts';

/** What the process around the loop knows. */
export interface Health {
  /** Why the journal cannot be written; undefined when it can. */
  readonly journal: string | undefined;
  readonly knowledgeStore: string | undefined;
  readonly prometheus: string | undefined;
}

type Update = Omit<ConditionUpdate, 'observedGeneration'>;
interface Of<Type extends ConditionUpdate['type']> {
  readonly reason: ConditionReason<Type>;
  readonly message: string;
}

/** Every condition of a policy after a tick. The list that came in is returned when nothing changed. */
export function policyConditions(
  conditions: readonly Condition[],
  policy: PolicyView,
  report: LoopReport,
  health: Health,
): readonly Condition[] {
  const suspended = actionSuspended(policy, report, health);
  const updates: Update[] = [
    { type: 'Ready', ...ready(policy, report, suspended) },
    { type: 'TargetResolved', ...targetResolved(report) },
    { type: 'MetricsAvailable', ...metricsAvailable(report, health) },
    { type: 'ObservationComplete', ...observationComplete(report) },
    { type: 'ForecastReliable', ...forecastReliable(report) },
    { type: 'ObjectiveMeasured', ...objectiveMeasured(report) },
    { type: 'ObjectiveAttainable', ...objectiveAttainable(report) },
    { type: 'ReplayTrusted', ...replayTrusted(report) },
    { type: 'ActionSuspended', ...suspended },
    { type: 'ScaleDownHeld', ...scaleDownHeld(report) },
    { type: 'ThreatSuspected', ...threatSuspected(report) },
    { type: 'BaselineKnown', ...baselineKnown(report) },
    { type: 'Degraded', ...degraded(report, health) },
  ];
  return updates.reduce<readonly Condition[]>(
    (list, update) => setCondition(list, { ...update, observedGeneration: policy.generation }, report.at),
    conditions,
  );
}

function ready(policy: PolicyView, report: LoopReport, suspended: Of<'ActionSuspended'>): Of<'Ready'> {
  if ('problem' in report.target) return { reason: 'TargetUnavailable', message: report.target.message };
  if (report.planning?.reactive === undefined) {
    return { reason: 'MetricsUnavailable', message: `replicas are held: ${doubtOf(report)}` };
  }
  if (report.observingForSeconds > 0) {
    return { reason: 'Observing', message: `acting in ${report.observingForSeconds} s at the earliest` };
  }
  if (policy.spec.mode === 'Preview') {
    return {
      reason: 'Previewing',
      message: 'decisions are recorded and not carried out: spec.mode is Preview',
    };
  }
  if (suspended.reason !== 'Acting') return { reason: 'Suspended', message: suspended.message };
  return { reason: 'Operating', message: 'decisions are carried out' };
}

const TARGET_REASONS = {
  NotFound: 'NotFound',
  Forbidden: 'Forbidden',
  UnsupportedKind: 'UnsupportedKind',
  Replaced: 'Replaced',
  Unreachable: 'Unreachable',
} as const satisfies Record<TargetProblem['problem'], ConditionReason<'TargetResolved'>>;

function targetResolved({ target }: LoopReport): Of<'TargetResolved'> {
  if ('problem' in target) return { reason: TARGET_REASONS[target.problem], message: target.message };
  if (target.deleting)
    return { reason: 'Deleting', message: `${target.kind}/${target.name} is being deleted` };
  return { reason: 'Resolved', message: `${target.kind}/${target.name} has ${target.specReplicas} replicas` };
}

function metricsAvailable(report: LoopReport, health: Health): Of<'MetricsAvailable'> {
  const { monitoring } = report;
  if (monitoring === undefined)
    return { reason: 'TargetUnavailable', message: 'without a target nothing is measured' };
  if (monitoring.mayLower) {
    const silent = report.planning?.results.find((result) => !result.usable);
    if (silent === undefined) return { reason: 'Fresh', message: 'every metric is fresh' };
    // A target that is no positive number cannot pass the schema.
    const reason = silent.reason === 'InvalidTarget' ? 'NotANumber' : silent.reason;
    return { reason, message: doubtOf(report) };
  }
  if (health.prometheus !== undefined) return { reason: 'PrometheusUnreachable', message: health.prometheus };
  const bad = monitoring.metrics.map((metric) => metric.total).find((total) => total.quality !== 'Fresh');
  if (bad === undefined) return { reason: 'LowCoverage', message: monitoring.doubt };
  return { reason: bad.quality === 'Missing' ? bad.reason : 'Stale', message: monitoring.doubt };
}

/** Why the metrics do not allow everything: what was not measured, or cannot be computed with. */
function doubtOf({ monitoring, planning }: LoopReport): string {
  if (monitoring === undefined) return 'nothing is measured';
  if (monitoring.doubt !== '') return monitoring.doubt;
  const silent = (planning?.results ?? []).flatMap((result, index) =>
    result.usable ? [] : [`${monitoring.metrics[index]?.name ?? 'a metric'}: ${result.message}`],
  );
  return silent.join('; ');
}

function observationComplete({ observingForSeconds }: LoopReport): Of<'ObservationComplete'> {
  return observingForSeconds > 0
    ? { reason: 'Observing', message: 'observationSeconds are not over yet' }
    : { reason: 'Observed', message: 'the observation time is over' };
}

function forecastReliable({ analysis }: LoopReport): Of<'ForecastReliable'> {
  if (analysis === undefined) return { reason: 'MetricsUnavailable', message: 'nothing is measured' };
  const forecasts = analysis.forecasts.filter(isForecast);
  const worst = forecasts.find((forecast) => !forecast.reliable);
  if (worst !== undefined) {
    return {
      // Without a measured coverage nothing was promised and broken: there is only too little past.
      reason: worst.coverage === undefined ? 'ColdStart' : 'Unreliable',
      message: `${worst.metric}: ${worst.doubt ?? 'not reliable'}; demand as measured decides`,
    };
  }
  if (forecasts.length > 0) {
    return {
      reason: 'Reliable',
      message: `forecasts of ${forecasts.map((forecast) => forecast.metric).join(', ')} hold what they promise`,
    };
  }
  const absent = analysis.forecasts.find((entry) => !isForecast(entry));
  if (absent === undefined || isForecast(absent)) return { reason: 'ColdStart', message: 'no metric' };
  return { reason: ABSENCES.get(absent.reason) ?? 'ColdStart', message: absent.message };
}

/** Any other absence is a matter of too little history. */
const ABSENCES: ReadonlyMap<string, ConditionReason<'ForecastReliable'>> = new Map([
  ['Disabled', 'Disabled'],
  ['NotFresh', 'MetricsUnavailable'],
]);

/** Objections that pass by themselves within a tick or two are no state of the policy. */
const PASSING = new Set(['Cooldown', 'ActionInFlight', 'ActionLimit', 'NotLeader']);

/** Guards that hold one direction only; ScaleDownHeld, MetricsAvailable and Degraded tell of them. */
const ONE_WAY = new Set([
  'DataQuality',
  'DataHistory',
  'SuddenDrop',
  'Objective',
  'Regret',
  'CorrelatedDrop',
  'Headroom',
]);

function actionSuspended(policy: PolicyView, report: LoopReport, health: Health): Of<'ActionSuspended'> {
  if ('problem' in report.target) return { reason: 'TargetUnavailable', message: report.target.message };
  if (health.journal !== undefined) return { reason: 'JournalUnavailable', message: health.journal };
  const objection = report.planning?.guards.find(
    ({ outcome, guard, reason }) => outcome === 'Veto' && !PASSING.has(reason ?? '') && !ONE_WAY.has(guard),
  );
  if (objection !== undefined) {
    return { reason: suspensionReason(objection.reason), message: objection.message ?? '' };
  }
  if (report.planning?.reactive === undefined) {
    return { reason: 'MetricsUnavailable', message: doubtOf(report) };
  }
  return {
    reason: 'Acting',
    message: `${policy.spec.targetRef.kind}/${policy.spec.targetRef.name} is scaled by this policy`,
  };
}

const SUSPENSIONS = [
  'SuspendedBySpec',
  'SuspendedByAnnotation',
  'PreviewMode',
  'Observing',
  'ConflictingAutoscaler',
  'ConflictingPolicy',
  'ManualChange',
  'RolloutInProgress',
  'TargetPaused',
  'ChangesRefused',
] as const;

function suspensionReason(reason: string | undefined): ConditionReason<'ActionSuspended'> {
  return SUSPENSIONS.find((known) => known === reason) ?? 'TargetUnavailable';
}

const HOLDS = [
  'ThreatFreeze',
  'CorrelatedDrop',
  'RolledBack',
  'RollbackBreaker',
  'SuddenDrop',
  'SuddenDropPace',
  'ObjectiveViolated',
  'ErrorBudgetBurning',
  'AnomalyHold',
  'DataSettling',
  'WarmingUp',
] as const satisfies readonly ConditionReason<'ScaleDownHeld'>[];

function scaleDownHeld({ target, planning }: LoopReport): Of<'ScaleDownHeld'> {
  if ('problem' in target || planning === undefined) {
    return { reason: 'TargetUnavailable', message: 'without a target there is nothing to lower' };
  }
  const held = planning.decreaseHeld;
  const reason = HOLDS.find((known) => known === held?.reason);
  return held === undefined || reason === undefined
    ? { reason: 'Free', message: 'a decrease that the load asks for would be carried out' }
    : { reason, message: held.message };
}

/** Two minutes at the usual rhythm: pods that come and go are silent for a round or two. */
const FAILED_ROUNDS = 8;

function degraded({ planning, monitoring }: LoopReport, health: Health): Of<'Degraded'> {
  if (health.journal !== undefined) return { reason: 'JournalUnavailable', message: health.journal };
  if (health.prometheus !== undefined) return { reason: 'PrometheusUnreachable', message: health.prometheus };
  if (health.knowledgeStore !== undefined) {
    return { reason: 'KnowledgeStoreUnavailable', message: health.knowledgeStore };
  }
  const short = planning?.guards.find(({ reason }) => reason === 'NoHeadroom');
  if (short !== undefined) return { reason: 'NoHeadroom', message: short.message ?? '' };
  const { failure } = monitoring?.requests?.scrape ?? {};
  if (failure !== undefined && failure.rounds >= FAILED_ROUNDS) {
    return { reason: 'ScrapeFailing', message: `${failure.message}; Prometheus tells instead, later` };
  }
  return { reason: 'AsExpected', message: 'everything is there' };
}
