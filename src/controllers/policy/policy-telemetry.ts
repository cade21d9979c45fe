import type { Gauge } from 'prom-client';
import type { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import { API_GROUP, API_VERSION, POLICY_KIND } from '../../api/names.ts';
import { isForecast, type ForecastSummary } from '../../loop/analyze/analyze.ts';
import { expectedSlowShare } from '../../loop/plan/newsvendor/counterfactual.ts';
import type { Anomaly } from '../../loop/analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from '../../loop/analyze/anomaly/observe-anomalies.ts';
import { pValueOf } from '../../loop/analyze/anomaly/surprise/p-value.ts';
import type { PolicyView } from '../../loop/policy-view.ts';
import type { LoopReport } from '../../loop/report.ts';
import type { EventRecorder } from '../../runtime/event-recorder.ts';
import type { Telemetry } from './session-ports.ts';

/** What happened, told three times: as metrics for dashboards, as events for people, as log lines for both. */
export function policyTelemetry(metrics: OperatorMetrics, recorder: EventRecorder, log: Logger): Telemetry {
  return {
    stepped: (seconds) => metrics.loopSeconds.observe(seconds),
    reported: (policy, report) => exposeReport(metrics, policy, report),
    decided: (action, state) => metrics.decisions.inc({ action, state }),
    closed: ({ decision, outcome }) => {
      metrics.decisions.inc({ action: decision.action, state: 'Closed' });
      metrics.outcomes.inc({ result: outcome.result });
      const { result, observedSeconds, violatedSeconds, replicaSeconds } = outcome;
      log.info('Measured the outcome of a decision', {
        ...where(decision.policy),
        decisionId: decision.id,
        result,
        observedSeconds,
        violatedSeconds,
        replicaSeconds,
      });
    },
    announce: (policy, { level, reason, note }) => {
      log.info('Announced', { ...where(policy), reason, note });
      recorder.record({ regarding: referenceOf(policy), type: level, reason, action: 'Scale', note });
    },
  };
}

interface PolicyLabels {
  readonly namespace: string;
  readonly policy: string;
}

/** What a tick found, as gauges: what is not known now has none. */
export function exposeReport(
  metrics: OperatorMetrics,
  { namespace, name: policy }: PolicyView,
  report: LoopReport,
): void {
  const labels = { namespace, policy };
  const { target, planning, monitoring } = report;
  if (!('problem' in target)) {
    metrics.currentReplicas.set(labels, target.specReplicas);
    metrics.readyReplicas.set(labels, target.readyReplicas);
  }
  const recommended = planning?.reactive === undefined ? undefined : planning.recommended;
  show(metrics.recommendedReplicas, labels, recommended);
  const violated = monitoring?.objectiveViolated;
  show(metrics.objectiveViolated, labels, violated === undefined ? undefined : Number(violated));
  show(metrics.startupSeconds, labels, monitoring?.startup.seconds);
  show(metrics.startupMedianSeconds, labels, monitoring?.startup.medianSeconds);
  exposeObjective(metrics, labels, report);
  for (const { guard, outcome } of planning?.guards ?? []) {
    if (outcome !== 'Pass') metrics.interventions.inc({ guard, outcome });
  }
  exposeForecasts(metrics, labels, report);
  exposeAnomalies(metrics.anomalies, labels, report.anomalies);
  exposeSelection(metrics.selection, labels, report);
}

const SEVERITIES = ['Low', 'Medium', 'High'] as const;

function exposeAnomalies(
  metrics: OperatorMetrics['anomalies'],
  labels: PolicyLabels,
  report: AnomalyReport | undefined,
): void {
  if (report === undefined) {
    metrics.forget(labels.namespace, labels.policy);
    return;
  }
  const { opened, closed, surprises, threshold } = report;
  if (threshold !== undefined) metrics.threshold.set(threshold);
  // As in the status: an outage of the metrics is one alert of the fleet, and not one of each workload.
  const open = report.open.filter(isOwn);
  for (const severity of SEVERITIES) {
    metrics.open.set({ ...labels, severity }, open.filter((anomaly) => anomaly.severity === severity).length);
  }
  metrics.leaks.set(labels, Number(open.some(({ kind }) => kind === 'Leak')));
  for (const { kind, severity } of opened) metrics.began.inc({ kind, severity });
  for (const { anomaly, ending } of closed) {
    if (isOwn(anomaly)) metrics.ended.inc({ kind: anomaly.kind, ending });
  }
  for (const { signal: detector, surprise } of surprises)
    metrics.pValues.observe({ detector }, pValueOf(surprise));
}

function isOwn({ told, fleetWide }: Anomaly): boolean {
  return told && !fleetWide;
}

function exposeSelection(
  metrics: OperatorMetrics['selection'],
  labels: PolicyLabels,
  { at, selection }: LoopReport,
): void {
  const { windows, bias, size } = selection?.disagreement ?? { windows: 0, bias: NaN, size: NaN };
  show(metrics.replayBias, labels, windows > 0 ? bias : undefined);
  show(metrics.replayError, labels, windows > 0 ? size : undefined);
  const { last } = selection ?? {};
  // It stays until the next window; it happened once.
  if (last?.at !== at) return;
  if (last.kind === 'Held') metrics.held.inc({ reason: last.reason });
  else metrics.chosen.inc({ strategy: last.strategy, explored: String(last.explored) });
}

function exposeObjective(metrics: OperatorMetrics, labels: PolicyLabels, report: LoopReport): void {
  const { planning, monitoring } = report;
  const { capacity, newsvendor } = planning ?? {};
  const carried = capacity?.known === true ? capacity.service.requestsPerSecond : undefined;
  show(metrics.replicaCapacity, labels, carried);
  show(metrics.objectiveBadShare, labels, monitoring?.requests?.badShare);
  show(metrics.scrapedShare, labels, scrapedShare(report));
  show(metrics.expectedBadShare, labels, expectedBadShare(report));
  show(metrics.pricePressure, labels, newsvendor?.price.pressure);
}

function scrapedShare({ monitoring }: LoopReport): number | undefined {
  const { ready = 0, answered = 0 } = monitoring?.requests?.scrape ?? {};
  return ready === 0 ? undefined : answered / ready;
}

function expectedBadShare({ planning, analysis }: LoopReport): number | undefined {
  const { capacity, newsvendor, recommended } = planning ?? {};
  const demands = analysis?.demands;
  if (capacity?.known !== true || newsvendor === undefined || demands === undefined) return undefined;
  return expectedSlowShare(recommended ?? 0, {
    demands: demands.up,
    weights: demands.weights,
    margin: newsvendor.price.margin,
    service: capacity.service,
  });
}

function exposeForecasts(metrics: OperatorMetrics, policy: PolicyLabels, { analysis }: LoopReport): void {
  for (const forecast of analysis?.forecasts ?? []) {
    const labels = { ...policy, metric: forecast.metric };
    const known: Partial<ForecastSummary> = isForecast(forecast) ? forecast : {};
    show(metrics.forecastUpper, labels, known.upper);
    show(metrics.forecastPeak, labels, known.peak);
    show(metrics.forecastCoverage, labels, known.coverage);
    show(metrics.forecastAccuracy, labels, known.accuracy);
    show(metrics.forecastSkill, labels, known.skill);
  }
}

/** No series for what is not known: a value that stays is taken for one that was measured. */
function show<Label extends string>(
  gauge: Gauge<Label>,
  labels: Readonly<Record<Label, string>>,
  value: number | undefined,
): void {
  if (value === undefined) gauge.remove(labels);
  else gauge.set(labels, value);
}

function where({ namespace, name }: { namespace: string; name: string }): { policy: string } {
  return { policy: `${namespace}/${name}` };
}

function referenceOf({ namespace, name, uid }: PolicyView) {
  return { apiVersion: `${API_GROUP}/${API_VERSION}`, kind: POLICY_KIND, namespace, name, uid };
}
