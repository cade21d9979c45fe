import type { Condition, PolicyStatus } from '../../api/policy-status.ts';
import type { MetricSpec } from '../../api/policy-spec.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../api/schema/text.ts';
import { isForecast } from '../../loop/analyze/analyze.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import type { ClosedDecision } from '../../loop/execute/effect.ts';
import type { MetricReport } from '../../loop/monitor/monitor.ts';
import { metricName } from '../../loop/monitor/metric-name.ts';
import type { MetricResult } from '../../loop/plan/metric-result.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { LoopReport } from '../../loop/report.ts';
import {
  decisionStatus,
  forecastStatus,
  outcomeStatus,
  pendingStatus,
  quantityText,
  type DecisionStatus,
  type WorkloadStatus,
} from './status-values.ts';

/** The API's limit on `status.decisions`. */
const MAX_DECISIONS = 10;

/** The status after a tick: what was found, what is recommended. Decisions and `pending` stay as they are. */
export function observedStatus(
  previous: PolicyStatus,
  policy: PolicyView,
  report: LoopReport,
  conditions: readonly Condition[],
): PolicyStatus {
  const workload = workloadStatus(policy, report);
  return {
    ...previous,
    observedGeneration: policy.generation,
    conditions: [...conditions],
    workloads: workload === undefined ? [] : [workload],
  };
}

function workloadStatus(
  policy: PolicyView,
  { target, planning, analysis, monitoring }: LoopReport,
): WorkloadStatus | undefined {
  if ('problem' in target) return undefined;
  // The forecast that asks for most is the one that people want to see.
  const forecasts = (analysis?.forecasts ?? []).filter(isForecast);
  const leading = planning?.proposals
    .filter(({ source }) => source === 'Forecast')
    .sort((a, b) => b.replicas - a.replicas)[0];
  const forecast = forecasts.find(({ metric }) => metric === leading?.metric) ?? forecasts[0];
  return {
    apiVersion: target.apiVersion,
    kind: target.kind,
    name: target.name,
    uid: target.uid,
    currentReplicas: target.specReplicas,
    readyReplicas: target.readyReplicas,
    ...(planning?.reactive === undefined ? {} : { recommendedReplicas: planning.recommended }),
    metrics: policy.spec.metrics.map((spec, index) =>
      metricStatus(spec, monitoring?.metrics[index], planning?.results[index]),
    ),
    ...(forecast === undefined ? {} : { forecast: forecastStatus(forecast) }),
  };
}

type MetricStatus = NonNullable<WorkloadStatus['metrics']>[number];

function metricStatus(
  spec: MetricSpec,
  report: MetricReport | undefined,
  result: MetricResult | undefined,
): MetricStatus {
  const base = {
    name: metricName(spec),
    type: spec.type,
    quality: report?.total.quality ?? ('Missing' as const),
    target: targetText(spec),
  };
  if (result === undefined) return base;
  if (!result.usable) return { ...base, message: clip(result.message, MAX_MESSAGE_LENGTH) };
  const current = isUtilization(spec)
    ? String(result.utilizationPercent ?? 0)
    : quantityText(result.averageValue);
  return { ...base, current, replicas: result.replicas };
}

function isUtilization(spec: MetricSpec): boolean {
  return spec.resource?.target.averageUtilization !== undefined;
}

function targetText(spec: MetricSpec): string {
  const target = spec.prometheus?.target ?? spec.resource?.target;
  const percent = spec.resource?.target.averageUtilization;
  return percent === undefined ? (target?.averageValue ?? '0') : String(percent);
}

/** A decision is about to be carried out: the compare-and-swap that every later leader will find. */
export function withIntent(
  status: PolicyStatus,
  decision: Decision,
  outcomeWindowSeconds: number,
): PolicyStatus {
  return {
    ...withDecision(status, decisionStatus(decision, 'Intended')),
    pending: pendingStatus(decision, outcomeWindowSeconds),
  };
}

export function withProposal(status: PolicyStatus, decision: Decision): PolicyStatus {
  return withDecision(status, decisionStatus(decision, 'Proposed'));
}

export function withApplied(status: PolicyStatus, decision: Decision): PolicyStatus {
  return withDecision(status, decisionStatus(decision, 'Applied'));
}

/** The one ending of a decision; `pending` goes with it, unless a later decision has taken its place. */
export function withEnding(status: PolicyStatus, { decision, outcome }: ClosedDecision): PolicyStatus {
  const state = outcome.result === 'Aborted' ? 'Aborted' : 'Closed';
  const ended = withDecision(status, { ...decisionStatus(decision, state), outcome: outcomeStatus(outcome) });
  if (ended.pending?.decisionId !== decision.id) return ended;
  const { pending, ...rest } = ended;
  return rest;
}

function withDecision(status: PolicyStatus, entry: DecisionStatus): PolicyStatus {
  const decisions = status.decisions ?? [];
  const index = decisions.findIndex(({ id }) => id === entry.id);
  const next = index === -1 ? [entry, ...decisions] : decisions.with(index, entry);
  return { ...status, decisions: next.slice(0, MAX_DECISIONS) };
}

/**
 * What makes a status worth writing at once. The numbers of metrics and forecasts move with every tick and
 * wait for the next refresh: a status that is written all the time wears out etcd and tells nobody more.
 */
export function significantPart(status: PolicyStatus): string {
  return JSON.stringify([
    status.observedGeneration,
    status.conditions?.map(({ type, status: value, reason, observedGeneration }) => [
      type,
      value,
      reason,
      observedGeneration,
    ]),
    status.workloads?.map((workload) => [
      workload.uid,
      workload.currentReplicas,
      workload.readyReplicas,
      workload.recommendedReplicas,
      workload.metrics?.map(({ name, quality }) => [name, quality]),
    ]),
    status.pending?.decisionId,
    status.decisions?.map(({ id, state, outcome }) => [id, state, outcome?.result]),
  ]);
}
