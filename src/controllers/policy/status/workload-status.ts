import type { MetricSpec } from '../../../api/policy-spec.ts';
import type { PolicyStatus } from '../../../api/policy-status.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import { isForecast, type ForecastSummary } from '../../../loop/analyze/analyze.ts';
import { metricName } from '../../../loop/monitor/metric-name.ts';
import type { MetricReport } from '../../../loop/monitor/monitor.ts';
import { allowedBadShare, REQUESTS } from '../../../loop/monitor/requests.ts';
import type { StartupSummary } from '../../../loop/monitor/startup.ts';
import { loadServed } from '../../../loop/plan/capacity/load-served.ts';
import type { ReplicaCapacity } from '../../../loop/plan/capacity/replica-capacity.ts';
import type { MetricResult } from '../../../loop/plan/metric-result.ts';
import type { PolicyView } from '../../../loop/policy-view.ts';
import type { LoopReport } from '../../../loop/report.ts';
import { forecastBasis } from '../decision-basis.ts';
import { anomaliesStatus } from './anomalies-status.ts';
import { memoryStatus } from './memory-status.ts';
import { quantityText } from './quantity-text.ts';
import { selectionStatus } from './selection-status.ts';

export type WorkloadStatus = NonNullable<PolicyStatus['workloads']>[number];
type MetricStatus = NonNullable<WorkloadStatus['metrics']>[number];

/** The workload as last seen; undefined without one. */
export function workloadStatus(policy: PolicyView, report: LoopReport): WorkloadStatus | undefined {
  const { target, planning, monitoring } = report;
  if ('problem' in target) return undefined;
  const forecast = shownForecast(report);
  const anomalies = anomaliesStatus(report.anomalies?.open ?? []);
  return {
    apiVersion: target.apiVersion,
    kind: target.kind,
    name: target.name,
    uid: target.uid,
    currentReplicas: target.specReplicas,
    readyReplicas: target.readyReplicas,
    ...(planning?.reactive === undefined ? {} : { recommendedReplicas: planning.recommended }),
    metrics: [
      ...policy.spec.metrics.map((spec, index) => ({
        name: metricName(spec),
        type: spec.type,
        target: targetText(spec),
        ...measuredStatus(monitoring?.metrics[index], planning?.results[index], isUtilization(spec)),
      })),
      ...requestsStatus(policy, report),
    ],
    ...(forecast === undefined ? {} : { forecast: forecastStatus(forecast, report) }),
    ...(planning?.capacity === undefined ? {} : { capacity: capacityStatus(planning.capacity) }),
    ...(monitoring === undefined ? {} : { startup: startupStatus(monitoring.startup) }),
    ...(anomalies === undefined ? {} : { anomalies }),
    ...learnedStatus(report),
  };
}

/** What rests on past windows. */
function learnedStatus({ knowledge, selection }: LoopReport): Pick<WorkloadStatus, 'memory' | 'selection'> {
  return {
    ...(knowledge.memory === undefined ? {} : { memory: memoryStatus(knowledge.memory) }),
    ...(selection === undefined ? {} : { selection: selectionStatus(selection) }),
  };
}

/** The forecast that asks for most is the one that people want to see. */
function shownForecast({ planning, analysis }: LoopReport): ForecastSummary | undefined {
  const forecasts = (analysis?.forecasts ?? []).filter(isForecast);
  const leading = planning?.proposals
    .filter(({ source }) => source === 'Forecast')
    .sort((a, b) => b.replicas - a.replicas)[0];
  return forecasts.find(({ metric }) => metric === leading?.metric) ?? forecasts[0];
}

function measuredStatus(
  report: MetricReport | undefined,
  result: MetricResult | undefined,
  utilization: boolean,
): Pick<MetricStatus, 'quality' | 'current' | 'replicas' | 'message'> {
  const quality = report?.total.quality ?? ('Missing' as const);
  if (result === undefined) return { quality };
  if (!result.usable) return { quality, message: clip(result.message, MAX_MESSAGE_LENGTH) };
  const current = utilization ? String(result.utilizationPercent ?? 0) : quantityText(result.averageValue);
  return { quality, current, replicas: result.replicas };
}

/** The requests of the objective, which come after the metrics of the spec. */
function requestsStatus({ spec }: PolicyView, { target, monitoring, planning }: LoopReport): MetricStatus[] {
  const objective = spec.objective?.requests;
  if (objective === undefined || 'problem' in target) return [];
  const capacity = planning?.capacity;
  const carried =
    capacity?.known === true
      ? loadServed(target.readyReplicas, capacity.service, allowedBadShare(objective))
      : undefined;
  const index = spec.metrics.length;
  return [
    {
      name: REQUESTS,
      type: 'Requests',
      ...sourceOf(monitoring),
      ...(carried === undefined ? {} : { target: quantityText(carried) }),
      ...measuredStatus(monitoring?.metrics[index], planning?.results[index], false),
    },
  ];
}

/** Who told the requests, where that is not always the same. */
function sourceOf(monitoring: LoopReport['monitoring']): Pick<MetricStatus, 'source'> {
  const scrape = monitoring?.requests?.scrape;
  return scrape === undefined ? {} : { source: scrape.source };
}

function isUtilization(spec: MetricSpec): boolean {
  return spec.resource?.target.averageUtilization !== undefined;
}

function targetText(spec: MetricSpec): string {
  const target = spec.prometheus?.target ?? spec.resource?.target;
  const percent = spec.resource?.target.averageUtilization;
  return percent === undefined ? (target?.averageValue ?? '0') : String(percent);
}

function forecastStatus(
  forecast: ForecastSummary,
  { forecastTier }: Pick<LoopReport, 'forecastTier'>,
): NonNullable<WorkloadStatus['forecast']> {
  const { coverage, accuracy, skill, samples } = forecast;
  const percent = (share: number, from = 0): number => Math.round(100 * Math.min(1, Math.max(from, share)));
  return {
    ...forecastBasis(forecast),
    ...(forecastTier === undefined ? {} : { tier: forecastTier }),
    ...(coverage === undefined ? {} : { coveragePercent: percent(coverage) }),
    ...(accuracy === undefined ? {} : { accuracyPercent: percent(accuracy) }),
    ...(skill === undefined ? {} : { skillPercent: percent(skill, -1) }),
    samples,
  };
}

function capacityStatus(capacity: ReplicaCapacity): NonNullable<WorkloadStatus['capacity']> {
  const message = clip(capacity.message, MAX_MESSAGE_LENGTH);
  if (!capacity.known) return { message };
  return {
    requestsPerSecond: quantityText(capacity.service.requestsPerSecond),
    source: capacity.source,
    message,
  };
}

function startupStatus(startup: StartupSummary): NonNullable<WorkloadStatus['startup']> {
  return {
    seconds: Math.round(startup.seconds),
    medianSeconds: Math.round(startup.medianSeconds),
    source: startup.source,
    ...(startup.causes.length === 0
      ? {}
      : {
          causes: startup.causes.map(({ cause, starts, medianSeconds, slowSeconds }) => ({
            cause,
            starts,
            medianSeconds: Math.round(medianSeconds),
            slowSeconds: Math.round(slowSeconds),
          })),
        }),
  };
}
