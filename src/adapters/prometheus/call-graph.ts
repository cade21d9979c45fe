import type { Call } from '../../loop/analyze/anomaly/attribution/call-graph.ts';
import type { Labels } from './answer.ts';
import type { PrometheusClient } from './client.ts';
import { escapeRegex, quotePromql } from './promql-strings.ts';
import { chunkNamespaces } from './usage-queries.ts';

/** Who calls whom changes with deployments, and nothing waits for it. */
const REFRESH_MS = 5 * 60_000;
/** A call that nobody made for so long is none of now. */
const WINDOW = '5m';
/** Of a namespace; a graph with more edges is no help to people, and costs the operator memory. */
const MOST_CALLS = 2000;
/** What Istio calls a workload that it does not know. */
const UNKNOWN = 'unknown';

/** How a service mesh labels the two ends of its requests; the first of the labels that is not empty is the workload. */
interface Mesh {
  readonly selector: (namespaces: string) => string;
  readonly caller: End;
  readonly callee: End;
}

interface End {
  readonly namespace: string;
  readonly workload: readonly string[];
}

/**
 * Standard metrics of Istio (istio.io/latest/docs/reference/config/metrics) and of the proxy of Linkerd
 * (linkerd.io/2/reference/proxy-metrics).
 */
const MESHES: readonly Mesh[] = [
  {
    selector: (namespaces) =>
      `istio_requests_total{source_workload_namespace=~${namespaces},destination_workload_namespace=~${namespaces}}`,
    caller: { namespace: 'source_workload_namespace', workload: ['source_workload'] },
    callee: { namespace: 'destination_workload_namespace', workload: ['destination_workload'] },
  },
  {
    selector: (namespaces) =>
      `response_total{direction="outbound",namespace=~${namespaces},dst_namespace=~${namespaces}}`,
    caller: { namespace: 'namespace', workload: ['deployment', 'statefulset'] },
    callee: { namespace: 'dst_namespace', workload: ['dst_deployment', 'dst_statefulset'] },
  },
];

/**
 * Who calls whom within each namespace, as a service mesh's metrics tell it. Read beside the rounds; without a mesh, and
 * while it cannot be read, nothing is known, and nothing waits for it.
 */
export class CallGraphs {
  readonly #client: Pick<PrometheusClient, 'instant'>;
  readonly #now: () => number;
  #known: ReadonlyMap<string, readonly Call[]> = new Map();
  #askedAt = -Infinity;

  /** @param now ms since the epoch */
  constructor(client: Pick<PrometheusClient, 'instant'>, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** By the names of the workloads; empty when nothing is known. */
  of(namespace: string): readonly Call[] {
    return this.#known.get(namespace) ?? [];
  }

  /** Reads all namespaces anew when five minutes have passed. Never rejects. */
  async refresh(namespaces: readonly string[], signal?: AbortSignal): Promise<void> {
    const now = this.#now();
    if (now - this.#askedAt < REFRESH_MS) return;
    this.#askedAt = now;
    const found = new Map<string, Call[]>();
    for (const mesh of MESHES) {
      for (const chunk of chunkNamespaces(namespaces)) {
        const query = callsQuery(mesh, chunk);
        const answer = await this.#client.instant(signal === undefined ? { query } : { query, signal });
        // What was known is as good as what cannot be read.
        if (!answer.ok) return;
        for (const { labels } of answer.value.data) addCall(found, mesh, labels);
      }
    }
    this.#known = found;
  }
}

function callsQuery({ selector, caller, callee }: Mesh, namespaces: readonly string[]): string {
  const pattern = quotePromql(namespaces.map(escapeRegex).join('|'));
  const labels = [caller, callee].flatMap(({ namespace, workload }) => [namespace, ...workload]);
  return `group by (${labels.join(', ')}) (rate(${selector(pattern)}[${WINDOW}]) > 0)`;
}

/** Calls across namespaces are left out: suspects are looked for within one. */
function addCall(found: Map<string, Call[]>, mesh: Mesh, labels: Labels): void {
  const namespace = labels.get(mesh.caller.namespace) ?? '';
  const caller = workloadOf(mesh.caller, labels);
  const callee = workloadOf(mesh.callee, labels);
  if (namespace === '' || labels.get(mesh.callee.namespace) !== namespace) return;
  if (caller === undefined || callee === undefined || caller === callee) return;
  const calls = found.get(namespace);
  if (calls === undefined) found.set(namespace, [{ caller, callee }]);
  else if (calls.length < MOST_CALLS) calls.push({ caller, callee });
}

function workloadOf({ workload }: End, labels: Labels): string | undefined {
  const names = workload.map((label) => labels.get(label) ?? '');
  return names.find((name) => name !== '' && name !== UNKNOWN);
}
