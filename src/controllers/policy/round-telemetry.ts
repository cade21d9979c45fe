import type { OperatorMetrics } from '../../adapters/http/operator-metrics.ts';
import { anomalyStatus } from '../../api/status/anomaly.ts';
import type { FleetWatch } from './fleet-watch.ts';
import type { Health } from './status/policy-conditions.ts';

const KINDS = anomalyStatus.shape.kind.options;

/** The parts of `Health` as dashboards know them. */
const PARTS = { journal: 'Journal', knowledgeStore: 'KnowledgeStore', prometheus: 'Prometheus' } as const;

/** What a round says of the operator, and of all policies together. */
export function exposeRound(
  { anomalies, degraded }: Pick<OperatorMetrics, 'anomalies' | 'degraded'>,
  fleetWide: FleetWatch['fleetWide'],
  health: Health,
): void {
  for (const kind of KINDS) anomalies.fleetWide.set({ kind }, 0);
  // Two events of a kind that began at different times are counted together.
  for (const { kind, workloads } of fleetWide) anomalies.fleetWide.inc({ kind }, workloads);
  for (const [field, part] of Object.entries(PARTS)) {
    degraded.set({ part }, Number(health[field as keyof Health] !== undefined));
  }
}
