import { Counter, Gauge, type Registry } from 'prom-client';

const POLICY = ['namespace', 'policy'] as const;

/** Which ways to scale are selected, and how far their replay can be believed. Names and labels are part of the API. */
export class SelectionMetrics {
  readonly chosen: Counter<'strategy' | 'explored'>;
  readonly held: Counter<'reason'>;
  readonly replayBias: Gauge<(typeof POLICY)[number]>;
  readonly replayError: Gauge<(typeof POLICY)[number]>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.chosen = new Counter({
      name: 'autonomic_selections_total',
      help: 'Windows for which a way to scale was chosen, by what was gone by, and whether it was another than the one believed the best.',
      labelNames: ['strategy', 'explored'] as const,
      registers,
    });
    this.held = new Counter({
      name: 'autonomic_selections_held_total',
      help: 'Windows for which nothing could be chosen: what was in force stayed.',
      labelNames: ['reason'] as const,
      registers,
    });
    this.replayBias = new Gauge({
      name: 'autonomic_selection_replay_bias',
      help: 'Mean reward that replay promised of ways to scale less what they really brought, 0 to 1; above 0 the replay is too good.',
      labelNames: POLICY,
      registers,
    });
    this.replayError = new Gauge({
      name: 'autonomic_selection_replay_error',
      help: 'Mean distance between the reward that replay promised and what really came, 0 to 1.',
      labelNames: POLICY,
      registers,
    });
  }

  forget(namespace: string, policy: string): void {
    for (const gauge of [this.replayBias, this.replayError]) gauge.remove({ namespace, policy });
  }
}
