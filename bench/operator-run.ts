import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { startOperatorProcess } from '../hack/demo/operator-process.ts';
import type { Stage } from '../hack/demo/stage.ts';
import { KubeClient } from '../src/adapters/kubernetes/client.ts';
import type { PolicyStatus } from '../src/api/policy-status.ts';

export type OperatorProcess = Awaited<ReturnType<typeof startOperatorProcess>>;

export interface PolicyObject {
  readonly metadata: { readonly name: string };
  readonly status?: PolicyStatus;
}

/** Reads as the administrator, over one connection: a process for each look would take longer than the look. */
export async function administrator({ cluster }: Stage): Promise<KubeClient> {
  return KubeClient.connect({ kubeconfig: cluster.kubeconfig }, { version: 'bench', qps: 100, burst: 100 });
}

export async function readPolicies(client: KubeClient, namespace: string): Promise<readonly PolicyObject[]> {
  const { items } = await client.request<{ items: readonly PolicyObject[] }>({
    method: 'GET',
    path: `/apis/autonomic.dev/v1alpha1/namespaces/${namespace}/autonomicpolicies`,
  });
  return items;
}

export interface Watch {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly operator: OperatorProcess;
  readonly timeoutMs: number;
  /** Between two looks, which are a list of all policies each. */
  readonly pollMs: number;
}

/**
 * Ms from now until each milestone first holds for the policies of a namespace.
 * @throws Error when the operator ends or the time is over first.
 */
export async function untilAll<Name extends string>(
  { client, namespace, operator, timeoutMs, pollMs }: Watch,
  milestones: Readonly<Record<Name, (policies: readonly PolicyObject[]) => boolean>>,
): Promise<Record<Name, number>> {
  const startedAt = performance.now();
  const reached = new Map<Name, number>();
  const names = Object.keys(milestones) as Name[];
  for (;;) {
    const policies = await readPolicies(client, namespace);
    const elapsed = performance.now() - startedAt;
    for (const name of names) {
      if (!reached.has(name) && milestones[name](policies)) reached.set(name, elapsed);
    }
    if (reached.size === names.length) return Object.fromEntries(reached) as Record<Name, number>;
    const missing = names.filter((name) => !reached.has(name)).join(', ');
    if (operator.status !== null) {
      throw new Error(`the operator ended before ${missing}:\n${await operator.tail()}`);
    }
    if (elapsed > timeoutMs) {
      throw new Error(`not within ${timeoutMs / 1000} s: ${missing}:\n${await operator.tail()}`);
    }
    await sleep(pollMs);
  }
}

/** Sums of one of the operator's histograms, in seconds. */
export interface HistogramSums {
  readonly count: number;
  readonly sum: number;
  /** Observations at or below each bound. */
  readonly buckets: ReadonlyMap<number, number>;
}

export async function scrape(pid: number, name: string): Promise<HistogramSums> {
  const response = await fetch(`http://127.0.0.1:${listeningPort(pid)}/metrics`);
  const text = await response.text();
  const value = (series: string): number => {
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    if (line === undefined) throw new Error(`the operator does not expose ${series}`);
    return Number.parseFloat(line.slice(series.length));
  };
  const bounds = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([0-9.]+)"\\} (\\d+)`, 'gm'))];
  return {
    count: value(`${name}_count`),
    sum: value(`${name}_sum`),
    buckets: new Map(
      bounds.map(([, bound = '', count = '']) => [Number.parseFloat(bound), Number.parseInt(count, 10)]),
    ),
  };
}

/** The operator takes a free port and tells nobody: the kernel knows. */
function listeningPort(pid: number): number {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        // Closed since the folder was read.
        return [];
      }
    }),
  );
  const LISTEN = '0A';
  for (const row of readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
    if (state === LISTEN && sockets.has(`socket:[${inode}]`))
      return Number.parseInt(local.split(':')[1] ?? '', 16);
  }
  throw new Error(`process ${pid} does not listen on any port`);
}
