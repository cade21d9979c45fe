import type { PolicyStatus } from '../../src/api/policy-status.ts';
import type { Cluster } from '../controlplane/cluster.ts';
import type { Accounts } from '../world/workload.ts';
import type { Issued } from './forecast-log.ts';
import type { Foreseen } from './forecast-watch.ts';
import { OURS, TWIN } from './manifests.ts';

/** What one row of the live table says. */
export interface Moment {
  readonly at: number;
  readonly demand: number;
  readonly ours: Scaled;
  readonly twin: Scaled;
  readonly forecasts: Foreseen;
  readonly slow: { readonly ours: number; readonly twin: number };
}

export interface Scaled {
  readonly wanted: number;
  readonly ready: number;
}

interface Workload {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

/** What the cluster says; how far ahead forecasts reach is unknown before the first. */
export type Seen = Pick<Moment, 'ours' | 'twin'> & { readonly horizonSeconds: number | undefined };

/** Reads the cluster as a user would. */
export async function look(cluster: Cluster): Promise<Seen> {
  const [ours, twin, policy] = await Promise.all([
    get<Workload>(cluster, 'deployment', OURS),
    get<Workload>(cluster, 'deployment', TWIN),
    get<{ status?: PolicyStatus }>(cluster, 'autonomicpolicy', OURS),
  ]);
  return {
    ours: scaled(ours),
    twin: scaled(twin),
    horizonSeconds: policy.status?.workloads?.[0]?.forecast?.horizonSeconds,
  };
}

export async function get<T>(
  cluster: Cluster,
  kind: string,
  { namespace, name }: { namespace: string; name: string },
): Promise<T> {
  return JSON.parse(
    await cluster.kubectl(['get', kind, name, '--namespace', namespace, '--output', 'json']),
  ) as T;
}

function scaled({ spec, status }: Workload): Scaled {
  return { wanted: spec.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

const COLUMNS = [
  '   time    load ',
  '  came  foreseen  ≤ 95 %   ',
  '  next  ≤ 95 % ',
  ' replicas  ready   slow ',
  ' replicas  ready   slow',
];

export const HEADER = [
  [
    ''.padEnd(16),
    '         peak of demand, requests/s        ',
    '       Autonomic        ',
    '     HPA (CPU 70 %)',
  ].join('|'),
  COLUMNS.join('|'),
  COLUMNS.map(({ length }) => '-'.repeat(length)).join('+'),
].join('\n');

/**
 * Of what came: the median and the bound that had been forecast, and whether the bound held (✓) or not (✗). Replicas:
 * those asked for, those ready.
 */
export function row(moment: Moment, startedAt: number): string {
  const { ours, twin, slow, forecasts } = moment;
  const seconds = Math.round((moment.at - startedAt) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return [
    `  ${clock.padStart(5)}  ${moment.demand.toFixed(0).padStart(4)} ${bar(moment.demand)} `,
    dueText(forecasts.due),
    ` ${forecasts.newest === undefined ? '-'.padStart(5).padEnd(13) : bandText(forecasts.newest, 5)} `,
    scaledText(ours, slow.ours),
    scaledText(twin, slow.twin).trimEnd(),
  ].join('|');
}

function dueText(due: Foreseen['due']): string {
  if (due === undefined) return '     -'.padEnd(27);
  return ` ${rate(due.came, 5)}  ${bandText(due, 8)} ${due.held ? '✓' : '✗'} `;
}

function bandText({ median, upper }: Pick<Issued, 'median' | 'upper'>, width: number): string {
  return `${rate(median, width)}  ≤ ${rate(upper, 4)}`;
}

function rate(value: number, width: number): string {
  return value.toFixed(0).padStart(width);
}

function scaledText({ wanted, ready }: Scaled, slowShare: number): string {
  return ` ${String(wanted).padStart(8)}  ${String(ready).padStart(5)} ${percent(slowShare)} `;
}

function bar(demand: number): string {
  return '▁▂▃▄▅▆▇█'.charAt(Math.min(7, Math.floor(demand / 20)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`.padStart(6);
}

/** Share of the requests since the last look that were slow. */
export function slowSince(before: Accounts | undefined, now: Accounts | undefined): number {
  if (now === undefined) return 0;
  const requests = now.requests - (before?.requests ?? 0);
  return requests === 0 ? 0 : (now.slowRequests - (before?.slowRequests ?? 0)) / requests;
}
