import { anomalyQuery } from './anomaly-query.ts';

const LOAD = { actual: 480, expected: 120, message: 'the load is 480 where 120 is usual' };

test.each([
  [
    'a spike up',
    { kind: 'Spike' as const, signal: 'load', ...LOAD },
    'unusual spike surge. load traffic requests. the load is where is usual',
  ],
  [
    'a spike down',
    { kind: 'Spike' as const, signal: 'load', ...LOAD, actual: 12 },
    'unusual drop low. load traffic requests. the load is where is usual',
  ],
  [
    'a leak, whatever its numbers',
    {
      kind: 'Leak' as const,
      signal: 'memory',
      message: 'memory reaches the limit of 512 MiB in 3.5 h',
      actual: 1,
      expected: 2,
    },
    'memory leak until out of memory. memory. memory reaches the limit of MiB in h',
  ],
  [
    'a signal of no known name',
    {
      kind: 'Missing' as const,
      signal: 'orders',
      message: 'no 5xx of v2',
      actual: undefined,
      expected: undefined,
    },
    'missing absent no data metrics scrape. orders. no 5xx of v2',
  ],
])('%s is looked up by its words', (_name, anomaly, query) => {
  expect(anomalyQuery(anomaly)).toBe(query);
});
