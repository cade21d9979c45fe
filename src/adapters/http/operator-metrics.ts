import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const POLICY = ['namespace', 'policy'] as const;

/**
 * What the operator says about itself. `autonomic_*` is its own vocabulary; the rest has the names of
 * controller-runtime and client-go, so that existing dashboards work. Names, units and labels are part of the API.
 */
export class OperatorMetrics {
  readonly registry = new Registry();

  readonly currentReplicas = this.#policyGauge(
    'autonomic_current_replicas',
    'Replicas the target is set to.',
  );
  readonly readyReplicas = this.#policyGauge('autonomic_ready_replicas', 'Ready replicas of the target.');
  readonly recommendedReplicas = this.#policyGauge(
    'autonomic_recommended_replicas',
    'Replicas recommended after all guards, whether or not they may be written.',
  );
  readonly forecastUpper = this.#forecastGauge(
    'autonomic_forecast_upper',
    'Upper bound of the coming peak, in the unit of the metric.',
  );
  readonly forecastPeak = this.#forecastGauge(
    'autonomic_forecast_peak',
    'Median of the coming peak, in the unit of the metric.',
  );
  readonly forecastCoverage = this.#forecastGauge(
    'autonomic_forecast_coverage_ratio',
    'Share of past peaks at or below their upper bound; equals the confidence when all is well.',
  );
  readonly forecastAccuracy = this.#forecastGauge(
    'autonomic_forecast_accuracy_ratio',
    '1 minus the weighted absolute error of past medians.',
  );
  readonly objectiveViolated = this.#policyGauge(
    'autonomic_objective_violated',
    '1 while an objective indicator is beyond its threshold, 0 while none is; absent when unmeasured.',
  );

  readonly decisions = new Counter({
    name: 'autonomic_decisions_total',
    help: 'Decisions by action and by what became of them.',
    labelNames: ['action', 'state'] as const,
    registers: [this.registry],
  });
  readonly outcomes = new Counter({
    name: 'autonomic_outcomes_total',
    help: 'Measured outcomes of decisions that were carried out.',
    labelNames: ['result'] as const,
    registers: [this.registry],
  });
  readonly interventions = new Counter({
    name: 'autonomic_guard_interventions_total',
    help: 'Ticks in which a guard changed or forbade what was proposed.',
    labelNames: ['guard', 'outcome'] as const,
    registers: [this.registry],
  });
  readonly loopSeconds = new Histogram({
    name: 'autonomic_loop_duration_seconds',
    help: 'Time of one step of the decision loop, without network.',
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1],
    registers: [this.registry],
  });
  readonly roundSeconds = new Histogram({
    name: 'autonomic_round_duration_seconds',
    help: 'Time from the start of a round (metrics queries) until every due policy was evaluated.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
    registers: [this.registry],
  });
  readonly reconciles = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Reconciliations by controller and result.',
    labelNames: ['controller', 'result'] as const,
    registers: [this.registry],
  });
  readonly reconcileErrors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Reconciliations that failed.',
    labelNames: ['controller'] as const,
    registers: [this.registry],
  });
  readonly apiRequests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to the API server by status code, method and host.',
    labelNames: ['code', 'method', 'host'] as const,
    registers: [this.registry],
  });
  readonly leading = new Gauge({
    name: 'leader_election_master_status',
    help: '1 while this process holds the lease.',
    labelNames: ['name'] as const,
    registers: [this.registry],
  });

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'autonomic_build_info',
      help: 'Version of the operator; the value is always 1.',
      labelNames: ['version'] as const,
      registers: [this.registry],
    }).set({ version }, 1);
  }

  /** A deleted policy's series go with it. */
  forget(namespace: string, policy: string, metrics: readonly string[]): void {
    for (const gauge of [
      this.currentReplicas,
      this.readyReplicas,
      this.recommendedReplicas,
      this.objectiveViolated,
    ]) {
      gauge.remove({ namespace, policy });
    }
    for (const gauge of [
      this.forecastUpper,
      this.forecastPeak,
      this.forecastCoverage,
      this.forecastAccuracy,
    ]) {
      for (const metric of metrics) gauge.remove({ namespace, policy, metric });
    }
  }

  async exposition(): Promise<{ contentType: string; body: string }> {
    return { contentType: this.registry.contentType, body: await this.registry.metrics() };
  }

  #policyGauge(name: string, help: string): Gauge<(typeof POLICY)[number]> {
    return new Gauge({ name, help, labelNames: POLICY, registers: [this.registry] });
  }

  #forecastGauge(name: string, help: string): Gauge<(typeof POLICY)[number] | 'metric'> {
    return new Gauge({ name, help, labelNames: [...POLICY, 'metric'], registers: [this.registry] });
  }
}
