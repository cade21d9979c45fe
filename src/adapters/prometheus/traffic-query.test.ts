import { trafficQuery } from './traffic-query.ts';

test.each(['receive', 'transmit'] as const)(
  '%s is summed over the interfaces of pods, each once, without loopback',
  (way) => {
    expect(trafficQuery(way, 'web-.*', 60)).toBe(
      `sum(max by (namespace, pod, interface) (rate(container_network_${way}_bytes_total{pod=~"web-.*",interface!="lo"}[60s])))`,
    );
  },
);

test('a pattern of pods cannot end the string that it is in', () => {
  expect(trafficQuery('receive', 'a"}\\', 30)).toContain('{pod=~"a\\"}\\\\",interface');
});
