import { podNamePattern } from './pod-names.ts';
import { PAST_SIGNALS, signalHistoryQuery } from './signal-history.ts';

const WORKLOAD = { namespace: 'shop', kind: 'Deployment', name: 'web' } as const;

function textOf(signal: (typeof PAST_SIGNALS)[number]): string {
  const query = signalHistoryQuery(signal, WORKLOAD, 120);
  if (!query.ok) throw new Error(query.error.message);
  return query.value.text;
}

test.each(PAST_SIGNALS)('the past of %s is of the pods of the workload, in its namespace alone', (signal) => {
  const text = textOf(signal);
  const confined = `{namespace="shop",pod=~"${podNamePattern('Deployment', 'web')}"`;
  const series = text.match(/container_\w+/g) ?? [];
  expect(series.length).toBeGreaterThan(0);
  expect(text.split(confined)).toHaveLength(series.length + 1);
});

test.each([
  ['cpu', /^sum\b.*rate\(container_cpu_usage_seconds_total/],
  ['memory', /^avg\(sum by \(namespace, pod\) .*container_memory_working_set_bytes/],
  ['receive', /^sum\(max by .*container_network_receive_bytes_total.*\[120s\]/],
  ['transmit', /^sum\(max by .*container_network_transmit_bytes_total.*\[120s\]/],
] as const)('%s is asked for as it comes live', (signal, text) => {
  expect(textOf(signal)).toMatch(text);
});
