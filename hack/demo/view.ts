import type { PolicyStatus } from '../../src/api/policy-status.ts';
import type { Cluster } from '../controlplane/cluster.ts';
import type { Accounts } from '../world/workload.ts';
import { OURS, TWIN } from './manifests.ts';

/** What one row of the live table says. */
export interface Moment {
  readonly at: number;
  readonly demand: number;
  readonly ours: Scaled;
  readonly twin: Scaled;
  readonly recommended: number | undefined;
  readonly upper: string | undefined;
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

/** Reads the cluster as a user would. */
export async function look(cluster: Cluster, demand: (at: number) => number): Promise<Omit<Moment, 'slow'>> {
  const [ours, twin, policy] = await Promise.all([
    get<Workload>(cluster, 'deployment', OURS),
    get<Workload>(cluster, 'deployment', TWIN),
    get<{ status?: PolicyStatus }>(cluster, 'autonomicpolicy', OURS),
  ]);
  const workload = policy.status?.workloads?.[0];
  const at = Date.now();
  return {
    at,
    demand: demand(at),
    ours: scaled(ours),
    twin: scaled(twin),
    recommended: workload?.recommendedReplicas,
    upper: workload?.forecast?.upper,
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

export const HEADER = [
  '                          |        Autonomic                   |       HPA (CPU 70 %)',
  '   time      load (req/s) |  forecast ≤  replicas  ready  slow |  replicas  ready  slow',
  '  ------------------------+------------------------------------+-----------------------',
].join('\n');

export function row(moment: Moment, startedAt: number): string {
  const { ours, twin, slow } = moment;
  const seconds = Math.round((moment.at - startedAt) / 1000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return [
    `  ${clock.padStart(5)}  ${moment.demand.toFixed(0).padStart(8)} ${bar(moment.demand)}`,
    ` ${(moment.upper ?? '-').padStart(10)} ${String(ours.wanted).padStart(10)} ${String(ours.ready).padStart(6)} ${percent(slow.ours)} `,
    `  ${String(twin.wanted).padStart(7)} ${String(twin.ready).padStart(7)} ${percent(slow.twin)}`,
  ].join('|');
}

function bar(demand: number): string {
  return '▁▂▃▄▅▆▇█'.charAt(Math.min(7, Math.floor(demand / 20))).padEnd(9);
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
