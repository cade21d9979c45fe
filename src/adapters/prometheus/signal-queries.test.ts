import { MEASURED_SIGNALS } from '../../loop/monitor/signals.ts';
import { signalQuery } from './signal-queries.ts';
import { podUsageQuery } from './usage-queries.ts';

test('cores and memory are what the policies of resources ask for', () => {
  expect(signalQuery('cpuCores', ['a'], 60)).toBe(podUsageQuery('cpu', ['a'], 60));
  expect(signalQuery('memoryBytes', ['a'], 60)).toBe(podUsageQuery('memory', ['a'], 60));
});

test.each(MEASURED_SIGNALS)('%s is one query over all namespaces, with values and sample times', (signal) => {
  const query = signalQuery(signal, ['a', 'b.c'], 60);
  expect(query).toContain('"autonomic_part", "value"');
  expect(query).toContain('"autonomic_part", "sampled"');
  const selectors = query.match(/container_\w+\{[^}]*\}/g) ?? [];
  expect(selectors.length).toBeGreaterThan(1);
  for (const selector of selectors) expect(selector).toContain('namespace=~"a|b\\\\.c"');
});

test('throttling is a share of the periods, and none where no period ran', () => {
  const query = signalQuery('cpuThrottledShare', ['a'], 60);
  expect(query).toMatch(/rate\(container_cpu_cfs_throttled_periods_total\{[^}]*\}\[60s\]\).* \/ \(sum/);
  expect(query).toMatch(/rate\(container_cpu_cfs_periods_total\{[^}]*\}\[60s\]\).* > 0\) or .* == 0\)/);
});

test('traffic is summed over the interfaces, each once, without loopback', () => {
  const query = signalQuery('networkTransmitBytes', ['a'], 60);
  expect(query).toContain('sum by (namespace, pod) (max by (namespace, pod, interface) (rate(');
  expect(query).toContain('container_network_transmit_bytes_total{namespace=~"a",pod!="",interface!="lo"}');
});
