import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { answerMetricsRequest, metricsApiRegistration, type Answer } from '../../hack/world/metrics-api.ts';
import type { Usage } from '../../hack/world/usage-window.ts';
import { formatQuantity, parseQuantity } from '../../src/api/quantity.ts';

export type Outage = 'refused' | 'empty';

/** What the two metrics APIs answer from, by the label `app` or the name of the external metric. */
export interface MetricsScript {
  usages(app: string): readonly Usage[] | Outage;
  demand(name: string): number | Outage;
}

/** One pod in an answer, as its reader understands it: time to the second, cores from the quantity's text. */
export interface ServedPod {
  readonly pod: string;
  readonly cores: number;
  /** Ms since the epoch. */
  readonly at: number;
}

/** One answer, or what an autoscaler was answered in one turn; no pods and no total where an API failed. */
export interface ServedMetrics {
  readonly app: string;
  readonly api: 'Resource' | 'External';
  /** Ms since the epoch, just before the answer was sent. */
  readonly at: number;
  readonly pods: readonly ServedPod[];
  /** Of the external metric. */
  readonly total?: number;
}

const EXTERNAL_GROUP = 'external.metrics.k8s.io';
const EXTERNAL = `/apis/${EXTERNAL_GROUP}`;
const EXTERNAL_METRIC = new RegExp(`^${EXTERNAL}/v1beta1/namespaces/[^/]+/([^/]+)$`);

/** Serves `metrics.k8s.io` and `external.metrics.k8s.io` by a script, and keeps every answer that was asked for. */
export class HpaMetricsServer {
  readonly served: ServedMetrics[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(
    script: MetricsScript,
    tls: Pick<ServerOptions, 'cert' | 'key'>,
  ): Promise<HpaMetricsServer> {
    const server = createServer(tls, (request, response) => {
      const { answer, served } = respond(new URL(request.url ?? '/', 'https://localhost'), script);
      // Before it is sent: whatever follows from it comes later.
      if (served !== undefined) metrics.served.push({ ...served, at: Date.now() });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body));
    });
    const metrics = new HpaMetricsServer(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return metrics;
  }

  /** Objects that lead an API server here for both groups. */
  registration(): object[] {
    const [service, ...apis] = metricsApiRegistration((this.#server.address() as AddressInfo).port);
    const external = apis.map((api) => {
      const { spec } = api as { spec: object };
      return {
        ...api,
        metadata: { name: `v1beta1.${EXTERNAL_GROUP}` },
        spec: { ...spec, group: EXTERNAL_GROUP },
      };
    });
    return [...(service === undefined ? [] : [service]), ...apis, ...external];
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

interface Response {
  readonly answer: Answer;
  /** Absent for what no autoscaler decides by, such as discovery. */
  readonly served?: Omit<ServedMetrics, 'at'>;
}

const REFUSED: Answer = {
  status: 503,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'ServiceUnavailable', code: 503 },
};

function respond(url: URL, script: MetricsScript): Response {
  const app = /^app=([a-z0-9-]+)$/.exec(url.searchParams.get('labelSelector') ?? '')?.[1];
  if (app !== undefined) return resourceMetrics(url, app, script.usages(app));
  if (url.pathname === EXTERNAL) return { answer: { status: 200, body: externalGroup() } };
  if (url.pathname === `${EXTERNAL}/v1beta1`) return { answer: { status: 200, body: externalResources() } };
  const name = EXTERNAL_METRIC.exec(url.pathname)?.[1];
  if (name !== undefined) return externalMetric(name, script.demand(name));
  return { answer: answerMetricsRequest(url, { pods: () => [], nodes: () => [] }) };
}

function resourceMetrics(url: URL, app: string, usages: readonly Usage[] | Outage): Response {
  if (usages === 'refused') return { answer: REFUSED, served: { app, api: 'Resource', pods: [] } };
  const pods = usages === 'empty' ? [] : usages;
  const answer = answerMetricsRequest(url, { pods: () => pods, nodes: () => [] });
  return { answer, served: { app, api: 'Resource', pods: understood(answer) } };
}

interface PodMetricsList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly timestamp: string;
    readonly containers: readonly { readonly usage: { readonly cpu: string } }[];
  }[];
}

function understood({ body }: Answer): ServedPod[] {
  return (body as PodMetricsList).items.map(({ metadata, timestamp, containers }) => {
    const cores = containers.reduce((sum, { usage }) => sum + parseQuantity(usage.cpu), 0);
    return { pod: metadata.name, cores, at: Date.parse(timestamp) };
  });
}

function externalMetric(name: string, total: number | Outage): Response {
  const served = { app: name, api: 'External', pods: [] } as const;
  if (total === 'refused') return { answer: REFUSED, served };
  const list = { kind: 'ExternalMetricValueList', apiVersion: `${EXTERNAL_GROUP}/v1beta1`, metadata: {} };
  if (total === 'empty') return { answer: { status: 200, body: { ...list, items: [] } }, served };
  const value = formatQuantity(total);
  const item = { metricName: name, metricLabels: null, timestamp: new Date().toISOString(), value };
  return {
    answer: { status: 200, body: { ...list, items: [item] } },
    served: { ...served, total: parseQuantity(value) },
  };
}

function externalGroup(): object {
  const version = { groupVersion: `${EXTERNAL_GROUP}/v1beta1`, version: 'v1beta1' };
  return {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: EXTERNAL_GROUP,
    versions: [version],
    preferredVersion: version,
  };
}

function externalResources(): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${EXTERNAL_GROUP}/v1beta1`,
    resources: [
      {
        name: 'externalmetrics',
        singularName: '',
        namespaced: true,
        kind: 'ExternalMetricValueList',
        verbs: ['get'],
      },
    ],
  };
}
