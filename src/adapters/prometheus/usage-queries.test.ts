import { scopeToNamespace } from './promql.ts';
import {
  chunkNamespaces,
  nodeAllocatableQuery,
  nodeUsageQuery,
  podUsageQuery,
  totalUsageQuery,
} from './usage-queries.ts';

test('pod CPU is one query over all namespaces, values and sample times together', () => {
  const selector = 'container_cpu_usage_seconds_total{namespace=~"a|b",container!="",container!="POD"}';
  const usage = `rate(${selector}[60s]) and count_over_time(${selector}[30s] offset 30s)`;
  expect(podUsageQuery('cpu', ['a', 'b'], 60)).toBe(
    `label_replace(sum by (namespace, pod) (max by (namespace, pod, container) (${usage})), "autonomic_part", "value", "", "")` +
      ` or label_replace(max by (namespace, pod) (timestamp(${selector})), "autonomic_part", "sampled", "", "")`,
  );
});

test('pod memory is the working set, without a rate', () => {
  const query = podUsageQuery('memory', ['a'], 60);
  expect(query).toContain(
    '(container_memory_working_set_bytes{namespace=~"a",container!="",container!="POD"})',
  );
  expect(query).not.toContain('rate(');
});

test('node queries group by the label that holds the node', () => {
  expect(nodeUsageQuery('cpu', 'instance', 120)).toContain(
    'max by (instance) (rate(container_cpu_usage_seconds_total{id="/"}[120s]) and count_over_time(',
  );
  expect(nodeUsageQuery('memory', 'node', 120)).toContain(
    'max by (node) (container_memory_working_set_bytes{id="/"})',
  );
  expect(nodeAllocatableQuery('memory')).toContain(
    'max by (node) (kube_node_status_allocatable{resource="memory"})',
  );
});

test("a workload's total passes the check that users' queries pass", () => {
  const result = scopeToNamespace(totalUsageQuery('cpu', 'web-[a-z]{5}', 60), 'shop');
  expect(result.ok && result.value.text).toBe(
    'sum(max by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{namespace="shop",pod=~"web-[a-z]{5}",container!="",container!="POD"}[60s])))',
  );
});

test('namespaces are split into short patterns, each once, none lost', () => {
  const names = Array.from({ length: 500 }, (_, i) => `namespace-with-a-long-name-${i}`);
  const chunks = chunkNamespaces([...names, ...names]);
  expect(chunks.flat().toSorted()).toEqual(names.toSorted());
  expect(chunks.length).toBeGreaterThan(1);
  for (const chunk of chunks) expect(chunk.join('|').length).toBeLessThanOrEqual(8000);
  expect(chunkNamespaces([])).toEqual([]);
});
