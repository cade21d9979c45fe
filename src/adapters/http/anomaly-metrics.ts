import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const OPEN = ['namespace', 'policy', 'severity'] as const;
const POLICY = ['namespace', 'policy'] as const;

/** What is unusual about the workloads, and whether the detectors keep their promises. Names and labels are part of the API. */
export class AnomalyMetrics {
  readonly open: Gauge<(typeof OPEN)[number]>;
  readonly leaks: Gauge<(typeof POLICY)[number]>;
  readonly began: Counter<'kind' | 'severity'>;
  readonly ended: Counter<'kind' | 'ending'>;
  readonly pValues: Histogram<'detector'>;
  readonly threshold: Gauge;
  readonly fleetWide: Gauge<'kind'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.open = new Gauge({
      name: 'autonomic_anomalies_open',
      help: 'Anomalies of the workload itself that are not over, by severity; those of the whole fleet are not among them.',
      labelNames: OPEN,
      registers,
    });
    this.leaks = new Gauge({
      name: 'autonomic_leaks_open',
      help: '1 while the memory of the workload is taken for leaking, 0 otherwise.',
      labelNames: POLICY,
      registers,
    });
    this.began = new Counter({
      name: 'autonomic_anomalies_total',
      help: 'Anomalies that began.',
      labelNames: ['kind', 'severity'] as const,
      registers,
    });
    this.ended = new Counter({
      name: 'autonomic_anomalies_ended_total',
      help: 'Anomalies that ended, by how.',
      labelNames: ['kind', 'ending'] as const,
      registers,
    });
    this.pValues = new Histogram({
      name: 'autonomic_anomaly_p_value',
      help: 'p-values of the detectors, one a minute and series: of usual minutes, as many are below a bound as the bound says.',
      labelNames: ['detector'] as const,
      buckets: [0.0001, 0.001, 0.01, 0.1, 0.5],
      registers,
    });
    this.threshold = new Gauge({
      name: 'autonomic_anomaly_threshold',
      help: '-log10 of the p-value at which a value becomes an anomaly, from the accepted false alarms and what the fleet shows.',
      registers,
    });
    this.fleetWide = new Gauge({
      name: 'autonomic_anomalies_fleet_wide',
      help: 'Workloads that show the same anomaly at once, where so many do that it is one of the fleet; 0 when none.',
      labelNames: ['kind'] as const,
      registers,
    });
  }

  forget(namespace: string, policy: string): void {
    for (const severity of ['Low', 'Medium', 'High']) this.open.remove({ namespace, policy, severity });
    this.leaks.remove({ namespace, policy });
  }
}
