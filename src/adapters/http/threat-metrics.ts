import { Counter, Gauge, type Registry } from 'prom-client';

/** What the operator says about threats. */
export class ThreatMetrics {
  readonly risk: Gauge<'namespace'>;
  readonly frozen: Gauge<'namespace'>;
  readonly open: Gauge<'kind' | 'severity'>;
  readonly sources: Gauge<'source' | 'state'>;
  readonly surveys: Counter;
  readonly deliveries: Counter<'path' | 'code'>;
  readonly auditEvents: Counter<'result'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.risk = new Gauge({
      name: 'autonomic_threat_risk',
      help: 'Risk of a namespace with policies by what is suspected there, 0 to 1.',
      labelNames: ['namespace'] as const,
      registers,
    });
    this.frozen = new Gauge({
      name: 'autonomic_threat_frozen',
      help: "1 while the operator's own actions rest in a namespace because of a threat, 0 otherwise.",
      labelNames: ['namespace'] as const,
      registers,
    });
    this.open = new Gauge({
      name: 'autonomic_threats_open',
      help: 'Findings in the whole cluster that are not over, by kind and severity.',
      labelNames: ['kind', 'severity'] as const,
      registers,
    });
    this.sources = new Gauge({
      name: 'autonomic_threat_source',
      help: '1 for the state that a source of evidence is in.',
      labelNames: ['source', 'state'] as const,
      registers,
    });
    this.surveys = new Counter({
      name: 'autonomic_threat_surveys_total',
      help: 'Rounds in which was looked for threats.',
      registers,
    });
    this.deliveries = new Counter({
      name: 'autonomic_threat_deliveries_total',
      help: 'Requests to the receiver of audit events and alerts, by path and HTTP status.',
      labelNames: ['path', 'code'] as const,
      registers,
    });
    this.auditEvents = new Counter({
      name: 'autonomic_audit_events_total',
      help: 'Audit events by what became of them: Taken, Repeated (sent again) or Late (too old to be counted as now).',
      labelNames: ['result'] as const,
      registers,
    });
  }
}
