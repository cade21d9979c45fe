import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REQUESTS } from '../../loop/monitor/requests.ts';
import { AnomalyMetrics } from './anomaly-metrics.ts';
import { MemoryMetrics } from './memory-metrics.ts';
import { SelectionMetrics } from './selection-metrics.ts';
import { RuntimeMetrics } from './runtime-metrics.ts';
import { ThreatMetrics } from './threat-metrics.ts';

const POLICY = ['namespace', 'policy'] as const;

/**
 * What the operator says about itself, in its own vocabulary `autonomic_*`. Names, units and labels are part of the
 * API.
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
  readonly forecastSkill = this.#forecastGauge(
    'autonomic_forecast_skill_ratio',
    '1 minus the loss of past upper bounds over that of the last value with its usual rise; negative when worse.',
  );
  readonly startupSeconds = this.#policyGauge(
    'autonomic_startup_seconds',
    'Time from ordering a replica until it serves, for nine of ten.',
  );
  readonly startupMedianSeconds = this.#policyGauge(
    'autonomic_startup_median_seconds',
    'Time from ordering a replica until it serves, for half of them.',
  );
  readonly replicaCapacity = this.#policyGauge(
    'autonomic_replica_capacity',
    'Requests per second that one replica completes when busy all the time; absent while unknown.',
  );
  readonly objectiveBadShare = this.#policyGauge(
    'autonomic_objective_bad_ratio',
    'Share of the requests of the objective that are bad now; absent when unmeasured or without requests.',
  );
  readonly scrapedShare = this.#policyGauge(
    'autonomic_scrape_answered_ratio',
    'Share of the ready pods that told their own counters of requests in the last round; absent without scrape or pods.',
  );
  readonly expectedBadShare = this.#policyGauge(
    'autonomic_expected_bad_ratio',
    'Share of the requests expected to be bad with the recommended replicas, when an order placed now can serve.',
  );
  readonly pricePressure = this.#policyGauge(
    'autonomic_price_pressure',
    'Natural logarithm of the price of a bad request over its usual one: 0 usual, above 0 while too many were bad.',
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
  readonly queries = new Histogram({
    name: 'autonomic_prometheus_query_duration_seconds',
    help: 'Queries to Prometheus by kind and by how they ended.',
    labelNames: ['kind', 'code'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  readonly scrapes = new Histogram({
    name: 'autonomic_scrape_duration_seconds',
    help: "Reads of the pods' own metrics, by how they ended.",
    labelNames: ['result'] as const,
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2],
    registers: [this.registry],
  });
  readonly checkpointSliceSeconds = new Histogram({
    name: 'autonomic_checkpoint_slice_duration_seconds',
    help: 'Time in which a slice of a checkpoint kept everything else waiting.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    registers: [this.registry],
  });
  readonly checkpointFailures = new Counter({
    name: 'autonomic_checkpoint_failures_total',
    help: 'Checkpoints that could not be written.',
    registers: [this.registry],
  });
  readonly degraded = new Gauge({
    name: 'autonomic_degraded',
    help: '1 while the operator works without a part of itself: Journal, KnowledgeStore or Prometheus; 0 otherwise.',
    labelNames: ['part'] as const,
    registers: [this.registry],
  });
  readonly droppedEvents = new Counter({
    name: 'autonomic_events_dropped_total',
    help: 'Kubernetes events that were not written, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.registry],
  });
  readonly anomalies = new AnomalyMetrics(this.registry);

  readonly memory = new MemoryMetrics(this.registry);
  readonly selection = new SelectionMetrics(this.registry);
  readonly runtime = new RuntimeMetrics(this.registry);
  readonly threats = new ThreatMetrics(this.registry);

  constructor(version: string) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'autonomic_build_info',
      help: 'Version of the operator; the value is always 1.',
      labelNames: ['version'] as const,
      registers: [this.registry],
    }).set({ version }, 1);
  }

  /** Numbers that are read when somebody asks, and not pushed. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** A deleted policy's series go with it. */
  forget(namespace: string, policy: string, metrics: readonly string[]): void {
    this.anomalies.forget(namespace, policy);
    this.selection.forget(namespace, policy);
    for (const gauge of [
      this.currentReplicas,
      this.readyReplicas,
      this.recommendedReplicas,
      this.startupSeconds,
      this.startupMedianSeconds,
      this.replicaCapacity,
      this.objectiveBadShare,
      this.scrapedShare,
      this.expectedBadShare,
      this.pricePressure,
      this.objectiveViolated,
    ]) {
      gauge.remove({ namespace, policy });
    }
    for (const gauge of [
      this.forecastUpper,
      this.forecastPeak,
      this.forecastCoverage,
      this.forecastAccuracy,
      this.forecastSkill,
    ]) {
      for (const metric of [...metrics, REQUESTS]) gauge.remove({ namespace, policy, metric });
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
