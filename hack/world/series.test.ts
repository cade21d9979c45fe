import { seededRandom } from '../../src/simulate/random.ts';
import { exposition } from './exposition.ts';
import { nodeSamples, workloadSamples } from './series.ts';
import { testPod } from './test-pods.ts';
import { Workload } from './workload.ts';

const pods = [testPod('web-abc-1'), testPod('web-abc-2', { ready: false })];
const scale = {
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  specReplicas: 3,
  readyReplicas: 1,
} as const;

function text(spec: Partial<Workload['spec']> = {}): string {
  const web = new Workload({ namespace: 'shop', name: 'web', demand: () => 5, ...spec });
  web.advance(pods, { demand: 5, seconds: 10 }, seededRandom(1));
  return exposition(
    workloadSamples(web, { pods, scales: [scale, { ...scale, kind: 'StatefulSet' }], nodes: [] }),
  );
}

describe('the series of a workload', () => {
  it.each([
    'container_cpu_usage_seconds_total{namespace="shop",pod="web-abc-1",container="app",node="node-1",image="web:1"} 5',
    'container_cpu_usage_seconds_total{namespace="shop",pod="web-abc-2",container="app",node="node-1",image="web:1"} 0',
    'container_cpu_cfs_periods_total{namespace="shop",pod="web-abc-1",container="app",node="node-1",image="web:1"} 100',
    'kube_pod_status_ready{namespace="shop",pod="web-abc-1",condition="true"} 1',
    'kube_pod_status_ready{namespace="shop",pod="web-abc-1",condition="false"} 0',
    'kube_pod_status_ready{namespace="shop",pod="web-abc-2",condition="true"} 0',
    'kube_pod_container_resource_requests{namespace="shop",pod="web-abc-1",container="app",node="node-1",resource="cpu",unit="core"} 1',
    'kube_pod_container_resource_requests{namespace="shop",pod="web-abc-1",container="app",node="node-1",resource="memory",unit="byte"} 268435456',
    'kube_pod_container_resource_limits{namespace="shop",pod="web-abc-1",container="app",node="node-1",resource="memory",unit="byte"} 536870912',
    'kube_pod_container_status_restarts_total{namespace="shop",pod="web-abc-1",container="app"} 0',
    'kube_pod_owner{namespace="shop",pod="web-abc-1",owner_kind="ReplicaSet",owner_name="web-abc",owner_is_controller="true"} 1',
    'kube_deployment_spec_replicas{namespace="shop",deployment="web"} 3',
    'kube_deployment_status_replicas_ready{namespace="shop",deployment="web"} 1',
    'http_requests_total{namespace="shop",pod="web-abc-1",code="503"} 0',
    'container_network_transmit_bytes_total{namespace="shop",pod="web-abc-2",interface="eth0"} 0',
  ])('have %s', (line) => {
    expect(text().split('\n')).toContain(line);
  });

  it('have as many requests in +Inf and count as were answered', () => {
    const value = (start: string): string | undefined =>
      text()
        .split('\n')
        .find((line) => line.startsWith(start))
        ?.split(' ')
        .at(-1);
    const answered = value('http_requests_total{namespace="shop",pod="web-abc-1",code="200"}');
    expect(Number(answered)).toBeGreaterThan(20);
    expect(value('http_request_duration_seconds_count{namespace="shop",pod="web-abc-1"}')).toBe(answered);
    expect(value('http_request_duration_seconds_bucket{namespace="shop",pod="web-abc-1",le="+Inf"}')).toBe(
      answered,
    );
  });

  it('have the application of a pod that starts up at zero, and nothing of one that waits for a node', () => {
    const web = new Workload({ namespace: 'shop', name: 'web', demand: () => 5 });
    const starting = testPod('web-abc-3', { running: false, ready: false });
    const waiting = testPod('web-abc-4', { running: false, ready: false, node: '' });
    const shown = exposition(workloadSamples(web, { pods: [starting, waiting], scales: [], nodes: [] }));
    expect(shown).toContain('http_requests_total{namespace="shop",pod="web-abc-3",code="200"} 0');
    expect(shown).not.toContain('container_cpu_usage_seconds_total{');
    expect(shown).not.toMatch(/http_\w+{namespace="shop",pod="web-abc-4"/);
  });

  it('name a stateful set as kube-state-metrics does', () => {
    expect(text({ kind: 'StatefulSet' })).toContain(
      'kube_statefulset_replicas{namespace="shop",statefulset="web"} 3',
    );
    expect(text({ kind: 'StatefulSet' })).not.toContain('kube_deployment');
  });
});

describe('the series of a node', () => {
  it('share its use among its cores and leave the rest idle', () => {
    const node = { name: 'node-1', labels: {}, allocatable: { cpu: 2, memory: 1000 } };
    const lines = exposition(nodeSamples(node, { cpuSeconds: 30, memoryBytes: 400 }, 60)).split('\n');
    expect(lines).toContain('node_cpu_seconds_total{node="node-1",cpu="0",mode="user"} 15');
    expect(lines).toContain('node_cpu_seconds_total{node="node-1",cpu="1",mode="idle"} 45');
    expect(lines).toContain('node_memory_MemAvailable_bytes{node="node-1"} 600');
    expect(lines).toContain('kube_node_status_allocatable{node="node-1",resource="cpu",unit="core"} 2');
  });
});
