const MINUTE = 60_000;

/** Counters and gauges of pods and a node as cAdvisor and kube-state-metrics expose them. */
export function cadvisorLines(): string[] {
  const seconds = Date.now() / 1000 - 1_600_000_000;
  const cpu = (labels: string, cores: number): string =>
    `container_cpu_usage_seconds_total{${labels}} ${(seconds * cores).toFixed(3)}`;
  const memory = (labels: string, bytes: number): string =>
    `container_memory_working_set_bytes{${labels}} ${bytes}`;
  const web = 'namespace="shop",pod="web-5d59d67564-7lbkn"';
  const db = 'namespace="other",pod="db-0"';
  return [
    cpu(`${web},container="app"`, 0.5),
    cpu(`${web},container="app",endpoint="second-scrape"`, 0.5),
    cpu(`${web},container="sidecar"`, 0.25),
    cpu(`${web},container="POD"`, 9),
    cpu(`${web},container=""`, 0.75),
    cpu(`${db},container="db"`, 1),
    cpu('id="/",node="node-1"', 1.5),
    memory(`${web},container="app"`, 2e8),
    memory(`${web},container="sidecar"`, 1e8),
    memory(`${db},container="db"`, 4e8),
    memory('id="/",node="node-1"', 8e9),
    'kube_node_status_allocatable{node="node-1",resource="cpu"} 4',
    'kube_node_status_allocatable{node="node-1",resource="memory"} 16000000000',
  ];
}

/** The hour before `endMs` of CPU counters in OpenMetrics: two pods of `web`, replaced at a gap in the middle, and one of `web-api`. */
export function pastOfDeployment(endMs: number): string {
  const lines = ['# TYPE container_cpu_usage_seconds counter'];
  const pods = [
    ['web-6f6f6f6f6f-b2b2b', 0, 20],
    ['web-6f6f6f6f6f-c4c4c', 0, 20],
    ['web-7d7d7d7d7d-b2b2b', 40, 60],
    ['web-7d7d7d7d7d-c4c4c', 40, 60],
    ['web-api-7d7d7d7d7d-b2b2b', 0, 60],
  ] as const;
  for (const [pod, from, to] of pods) {
    for (let second = from * 60; second <= to * 60; second += 30) {
      const at = (endMs - 60 * MINUTE) / 1000 + second;
      lines.push(
        `container_cpu_usage_seconds_total{namespace="shop",pod="${pod}",container="app"} ${second} ${at}`,
      );
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

/** The ten minutes before `endMs` of requests that Istio and Linkerd count, in OpenMetrics; one of the calls has ended. */
export function pastOfMeshes(endMs: number): string {
  const istio = (from: string, to: string, reporter: string): string =>
    `istio_requests_total{reporter="${reporter}",source_workload="${from}",source_workload_namespace="shop",` +
    `destination_workload="${to}",destination_workload_namespace="shop",response_code="200"}`;
  const linkerd = (direction: string, from: string, to: string): string =>
    `response_total{direction="${direction}",namespace="shop",${from},dst_namespace="shop",${to},classification="success"}`;
  const counters = [
    ['istio_requests', istio('web', 'cart', 'source'), 1],
    ['istio_requests', istio('web', 'cart', 'destination'), 1],
    ['istio_requests', istio('web', 'old', 'source'), 0],
    ['response', linkerd('outbound', 'deployment="cart"', 'dst_statefulset="db"'), 2],
    ['response', linkerd('inbound', 'deployment="cart"', 'dst_deployment="cart"'), 2],
  ] as const;
  const families = ['istio_requests', 'response'].map((family) =>
    [
      `# TYPE ${family} counter`,
      ...counters
        .filter(([name]) => name === family)
        .flatMap(([, series, perSecond]) =>
          Array.from(
            { length: 21 },
            (_, i) => `${series} ${30 * i * perSecond} ${endMs / 1000 - 600 + 30 * i}`,
          ),
        ),
    ].join('\n'),
  );
  return `${families.join('\n')}\n# EOF\n`;
}
