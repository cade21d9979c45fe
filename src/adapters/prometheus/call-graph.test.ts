import { prometheusError } from './error.ts';
import { CallGraphs } from './call-graph.ts';
import { ok } from './result.ts';

const MINUTE = 60_000;

type Row = Readonly<Record<string, string>>;

/** An answer as Prometheus gives it to `group by`: labels, and the value 1. */
const answer = (rows: readonly Row[]) =>
  ok({
    data: rows.map((row) => ({ labels: new Map(Object.entries(row)), at: 0, value: 1 })),
    warnings: [],
    infos: [],
    sentAt: 0,
    receivedAt: 0,
  });

/** Labels of Istio 1.24's `istio_requests_total` in its Bookinfo sample. */
const istio = (from: string, to: string, namespaces: readonly [string, string] = ['shop', 'shop']): Row => ({
  source_workload: from,
  source_workload_namespace: namespaces[0],
  destination_workload: to,
  destination_workload_namespace: namespaces[1],
});

/** Labels of `response_total` of Linkerd's proxies, outbound, in its Emojivoto sample. */
const linkerd = (from: Row, to: Row): Row => ({ namespace: 'shop', dst_namespace: 'shop', ...from, ...to });

class Mesh {
  istio: readonly Row[] = [];
  linkerd: readonly Row[] = [];
  fails = false;
  now = 0;
  readonly asked: string[] = [];
  readonly graphs = new CallGraphs(
    {
      instant: ({ query }) => {
        this.asked.push(query);
        const rows = query.includes('istio_requests_total') ? this.istio : this.linkerd;
        return Promise.resolve(this.fails ? prometheusError('Timeout', 'took too long') : answer(rows));
      },
    },
    () => this.now,
  );
}

describe('who calls whom', () => {
  it('is told by Istio', async () => {
    const mesh = new Mesh();
    mesh.istio = [
      istio('productpage-v1', 'reviews-v2'),
      istio('reviews-v2', 'ratings-v1'),
      istio('unknown', 'productpage-v1'),
      istio('productpage-v1', 'unknown'),
      istio('productpage-v1', 'productpage-v1'),
      istio('gateway', 'productpage-v1', ['ingress', 'shop']),
    ];
    await mesh.graphs.refresh(['shop', 'ingress']);
    expect(mesh.graphs.of('shop')).toEqual([
      { caller: 'productpage-v1', callee: 'reviews-v2' },
      { caller: 'reviews-v2', callee: 'ratings-v1' },
    ]);
    expect(mesh.graphs.of('ingress')).toEqual([]);
  });

  it('is told by Linkerd, of Deployments and StatefulSets', async () => {
    const mesh = new Mesh();
    mesh.linkerd = [
      linkerd({ deployment: 'web' }, { dst_deployment: 'voting' }),
      linkerd({ deployment: 'voting' }, { dst_statefulset: 'db' }),
      linkerd({ deployment: 'web' }, {}),
    ];
    await mesh.graphs.refresh(['shop']);
    expect(mesh.graphs.of('shop')).toEqual([
      { caller: 'web', callee: 'voting' },
      { caller: 'voting', callee: 'db' },
    ]);
  });

  it('is not known without a mesh, before it was asked, and of other namespaces', async () => {
    const { graphs } = new Mesh();
    expect(graphs.of('shop')).toEqual([]);
    await graphs.refresh(['shop']);
    expect(graphs.of('shop')).toEqual([]);
  });

  it('is asked for once in five minutes, with the namespaces taken literally', async () => {
    const mesh = new Mesh();
    await mesh.graphs.refresh(['a.b']);
    mesh.now += 4 * MINUTE;
    await mesh.graphs.refresh(['a.b']);
    expect(mesh.asked).toEqual([
      'group by (source_workload_namespace, source_workload, destination_workload_namespace, destination_workload) ' +
        '(rate(istio_requests_total{source_workload_namespace=~"a\\\\.b",destination_workload_namespace=~"a\\\\.b"}[5m]) > 0)',
      'group by (namespace, deployment, statefulset, dst_namespace, dst_deployment, dst_statefulset) ' +
        '(rate(response_total{direction="outbound",namespace=~"a\\\\.b",dst_namespace=~"a\\\\.b"}[5m]) > 0)',
    ]);
    mesh.now += MINUTE;
    await mesh.graphs.refresh(['a.b']);
    expect(mesh.asked).toHaveLength(4);
  });

  it('stays as it was while Prometheus fails', async () => {
    const mesh = new Mesh();
    mesh.istio = [istio('web', 'db')];
    await mesh.graphs.refresh(['shop']);
    mesh.fails = true;
    mesh.now += 5 * MINUTE;
    await mesh.graphs.refresh(['shop']);
    expect(mesh.graphs.of('shop')).toEqual([{ caller: 'web', callee: 'db' }]);
  });

  it('is cut off where a namespace has thousands of calls', async () => {
    const mesh = new Mesh();
    mesh.istio = Array.from({ length: 2500 }, (_, i) => istio('web', `callee-${i}`));
    await mesh.graphs.refresh(['shop']);
    expect(mesh.graphs.of('shop')).toHaveLength(2000);
  });
});
