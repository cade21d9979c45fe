import { Agent, request } from 'undici';
import { makeCertificate } from '../../test/support/certificates.ts';
import { startMetricsApi, type MetricsApi } from './metrics-api.ts';
import type { Usage } from './usage-window.ts';

const at = Date.UTC(2025, 0, 1, 12, 0, 30, 456);

function usage(namespace: string, name: string, app: string): Usage {
  const meter = {
    id: name,
    namespace,
    name,
    labels: { app },
    cpuSeconds: 0,
    memoryBytes: 2e8,
    container: 'main',
  };
  return { meter, at, windowMs: 15_000, cores: 0.25 };
}

describe('the metrics API', () => {
  const client = new Agent({ connect: { rejectUnauthorized: false } });
  let api: MetricsApi;

  beforeAll(async () => {
    const pods = [
      usage('shop', 'web-1', 'web'),
      usage('shop', 'api-1', 'api'),
      usage('other', 'web-9', 'web'),
    ];
    api = await startMetricsApi(
      { pods: () => pods, nodes: () => [usage('', 'node-1', 'none')] },
      makeCertificate('localhost'),
    );
  });

  afterAll(async () => {
    await api.stop();
    await client.close();
  });

  async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const { statusCode, body } = await request(`https://127.0.0.1:${api.port}/apis/metrics.k8s.io${path}`, {
      dispatcher: client,
    });
    return { status: statusCode, body: (await body.json()) as Record<string, unknown> };
  }

  it.each([
    ['/v1beta1/pods', ['web-1', 'api-1', 'web-9']],
    ['/v1beta1/namespaces/shop/pods', ['web-1', 'api-1']],
    ['/v1beta1/namespaces/shop/pods?labelSelector=app%3Dweb', ['web-1']],
    ['/v1beta1/namespaces/shop/pods?labelSelector=app+in+(db)', []],
    ['/v1beta1/nodes', ['node-1']],
  ])('lists at %s %j', async (path, names) => {
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect((body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual(
      names,
    );
  });

  it('writes a pod as metrics-server does', async () => {
    expect((await get('/v1beta1/namespaces/shop/pods/web-1')).body).toEqual({
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name: 'web-1', namespace: 'shop', labels: { app: 'web' } },
      timestamp: '2025-01-01T12:00:30Z',
      window: '15s',
      containers: [{ name: 'main', usage: { cpu: '250m', memory: '200M' } }],
    });
  });

  it('names its resources', async () => {
    expect((await get('/v1beta1')).body).toMatchObject({
      kind: 'APIResourceList',
      groupVersion: 'metrics.k8s.io/v1beta1',
    });
    expect((await get('')).body).toMatchObject({ kind: 'APIGroup', name: 'metrics.k8s.io' });
  });

  it.each([
    ['/v1beta1/namespaces/shop/pods/nobody', 404, 'NotFound'],
    ['/v1beta1/namespaces/shop/services', 404, 'NotFound'],
    ['/v1', 404, 'NotFound'],
    ['/v1beta1/pods?labelSelector=a+b', 400, 'BadRequest'],
  ])('answers %s with %d %s', async (path, status, reason) => {
    expect(await get(path)).toMatchObject({ status, body: { kind: 'Status', reason, code: status } });
  });
});
