import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the operator remembers, and how quickly it does. Names and labels are part of the API. */
export class MemoryMetrics {
  readonly recallSeconds: Histogram;
  readonly recalled: Counter<'result'>;
  readonly decisionReward: Histogram<'action'>;
  readonly decisions: Counter<'result'>;
  readonly problems: Counter;
  readonly runbookPassages: Gauge;
  readonly runbooksRefused: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.recallSeconds = new Histogram({
      name: 'autonomic_recall_seconds',
      help: 'Time to find what came of situations like the present one.',
      buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05],
      registers,
    });
    this.recalled = new Counter({
      name: 'autonomic_recalls_total',
      help: 'Questions to the memory, by whether anything was found.',
      labelNames: ['result'] as const,
      registers,
    });
    this.decisionReward = new Histogram({
      name: 'autonomic_decision_reward',
      help: 'What decisions were given for what came of them, 0 to 1; those that cannot be judged are not among them.',
      labelNames: ['action'] as const,
      buckets: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      registers,
    });
    this.decisions = new Counter({
      name: 'autonomic_decisions_judged_total',
      help: 'Decisions whose own time is over, by whether they succeeded.',
      labelNames: ['result'] as const,
      registers,
    });
    this.problems = new Counter({
      name: 'autonomic_memory_problems_total',
      help: 'What could not be read, searched in time or written to the memory; the log says what.',
      registers,
    });
    this.runbookPassages = new Gauge({
      name: 'autonomic_runbook_passages',
      help: 'Passages of runbooks that are searched.',
      registers,
    });
    this.runbooksRefused = new Gauge({
      name: 'autonomic_runbooks_refused',
      help: 'Runbooks that are not searched because they, or all of their namespace, are too large; the log says which.',
      registers,
    });
  }
}
