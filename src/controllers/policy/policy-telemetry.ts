import type { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
import type { Logger } from '../../adapters/log/logger.ts';
import { API_GROUP, API_VERSION, POLICY_KIND } from '../../api/names.ts';
import { isForecast, type Analysis } from '../../loop/analyze/analyze.ts';
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

export function exposeReport(
  metrics: OperatorMetrics,
  { namespace, name: policy }: PolicyView,
  report: LoopReport,
): void {
  const labels = { namespace, policy };
  const { target, planning, analysis, monitoring } = report;
  if (!('problem' in target)) {
    metrics.currentReplicas.set(labels, target.specReplicas);
    metrics.readyReplicas.set(labels, target.readyReplicas);
  }
  if (planning?.reactive === undefined) metrics.recommendedReplicas.remove(labels);
  else metrics.recommendedReplicas.set(labels, planning.recommended);
  if (monitoring?.objectiveViolated === undefined) metrics.objectiveViolated.remove(labels);
  else metrics.objectiveViolated.set(labels, monitoring.objectiveViolated ? 1 : 0);
  for (const { guard, outcome } of planning?.guards ?? []) {
    if (outcome !== 'Pass') metrics.interventions.inc({ guard, outcome });
  }
  exposeForecasts(metrics, labels, analysis);
}

function exposeForecasts(
  metrics: OperatorMetrics,
  labels: { namespace: string; policy: string },
  analysis?: Analysis,
): void {
  for (const forecast of analysis?.forecasts ?? []) {
    if (!isForecast(forecast)) continue;
    const { metric } = forecast;
    metrics.forecastUpper.set({ ...labels, metric }, forecast.upper);
    metrics.forecastPeak.set({ ...labels, metric }, forecast.peak);
    if (forecast.coverage !== undefined)
      metrics.forecastCoverage.set({ ...labels, metric }, forecast.coverage);
    if (forecast.accuracy !== undefined)
      metrics.forecastAccuracy.set({ ...labels, metric }, forecast.accuracy);
  }
}

function where({ namespace, name }: { namespace: string; name: string }): { policy: string } {
  return { policy: `${namespace}/${name}` };
}

function referenceOf({ namespace, name, uid }: PolicyView) {
  return { apiVersion: `${API_GROUP}/${API_VERSION}`, kind: POLICY_KIND, namespace, name, uid };
}
