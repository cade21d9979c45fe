import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { formatQuantity } from '../../src/api/quantity.ts';
import { parseLabelSelector, SelectorError } from './label-selector.ts';
import type { Usage } from './usage-window.ts';

const GROUP = '/apis/metrics.k8s.io';
const VERSION = `${GROUP}/v1beta1`;

/** What the API answers from. */
export interface UsageSource {
  pods(): readonly Usage[];
  nodes(): readonly Usage[];
}

export interface MetricsApi {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves `metrics.k8s.io/v1beta1` on this machine, where the aggregator finds it by `metricsApiRegistration`. */
export async function startMetricsApi(
  source: UsageSource,
  tls: { cert: string; key: string },
): Promise<MetricsApi> {
  const server = createServer(tls, (request, response) => {
    const { status, body } = answerMetricsRequest(new URL(request.url ?? '/', 'https://localhost'), source);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const port = await listen(server);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** The objects that lead the API server to `port` of this machine, in place of a metrics-server. */
export function metricsApiRegistration(port: number): object[] {
  const metadata = { name: 'world-metrics', namespace: 'kube-system' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'ExternalName', externalName: 'localhost' },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      spec: {
        group: 'metrics.k8s.io',
        version: 'v1beta1',
        service: { ...metadata, port },
        insecureSkipTLSVerify: true,
        groupPriorityMinimum: 100,
        versionPriority: 100,
      },
    },
  ];
}

export interface Answer {
  readonly status: number;
  /** To be sent as JSON. */
  readonly body: object;
}

/** What `metrics.k8s.io/v1beta1` says to a GET of `url`. */
export function answerMetricsRequest(url: URL, source: UsageSource): Answer {
  try {
    if (url.pathname === '/livez' || url.pathname === '/readyz') return { status: 200, body: {} };
    if (url.pathname === GROUP) return { status: 200, body: API_GROUP };
    if (url.pathname === VERSION) return { status: 200, body: RESOURCES };
    if (!url.pathname.startsWith(`${VERSION}/`)) return notFound(url.pathname);
    return metrics(url, source);
  } catch (error) {
    if (error instanceof SelectorError) return failure(400, 'BadRequest', error.message);
    throw error;
  }
}

function metrics(url: URL, source: UsageSource): Answer {
  const path = url.pathname
    .slice(VERSION.length + 1)
    .split('/')
    .map(decodeURIComponent);
  const namespace = path[0] === 'namespaces' ? path[1] : undefined;
  const [resource, name, ...rest] = namespace === undefined ? path : path.slice(2);
  if ((resource !== 'pods' && resource !== 'nodes') || rest.length > 0) return notFound(url.pathname);
  const selected = parseLabelSelector(url.searchParams.get('labelSelector') ?? '');
  const all = resource === 'pods' ? source.pods() : source.nodes();
  const usages = all.filter(
    ({ meter }) =>
      (namespace === undefined || meter.namespace === namespace) &&
      (name === undefined || meter.name === name) &&
      selected(meter.labels),
  );
  const write = resource === 'pods' ? podMetrics : nodeMetrics;
  const kind = resource === 'pods' ? 'PodMetrics' : 'NodeMetrics';
  if (name === undefined) {
    return { status: 200, body: { ...typeMeta(`${kind}List`), metadata: {}, items: usages.map(write) } };
  }
  const one = usages[0];
  return one === undefined
    ? notFound(url.pathname)
    : { status: 200, body: { ...typeMeta(kind), ...write(one) } };
}

function podMetrics(usage: Usage): object {
  return { ...itemMeta(usage), containers: [{ name: usage.meter.container ?? '', usage: amounts(usage) }] };
}

function nodeMetrics(usage: Usage): object {
  return { ...itemMeta(usage), usage: amounts(usage) };
}

function itemMeta({ meter, at, windowMs }: Usage): object {
  const { name, namespace, labels } = meter;
  return {
    metadata: { name, ...(namespace !== '' && { namespace }), labels },
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    window: `${windowMs / 1000}s`,
  };
}

function amounts({ cores, meter }: Usage): object {
  return { cpu: formatQuantity(cores), memory: formatQuantity(meter.memoryBytes) };
}

function typeMeta(kind: string): object {
  return { kind, apiVersion: 'metrics.k8s.io/v1beta1' };
}

function notFound(path: string): Answer {
  return failure(404, 'NotFound', `${path} is not served here, or has no metrics yet`);
}

function failure(status: number, reason: string, message: string): Answer {
  return {
    status,
    body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code: status },
  };
}

const API_GROUP = {
  kind: 'APIGroup',
  apiVersion: 'v1',
  name: 'metrics.k8s.io',
  versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }],
  preferredVersion: { groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' },
};

const RESOURCES = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'metrics.k8s.io/v1beta1',
  resources: [
    { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
  ],
};
