import { podRecord } from '../../../adapters/kubernetes/records.ts';
import type { ScrapeQueries } from '../policy-entry.ts';
import { inTurns, scrapedPods } from './scraped-pods.ts';

const total = { text: 'x', name: 'x', tests: [] };
const good = { text: 'y', name: 'y', tests: [] };
const scrape: ScrapeQueries = { port: 'metrics', path: '/m', total, part: { of: 'good', selector: good } };

function pod(status: object, change: object = {}): ReturnType<typeof podRecord> {
  return podRecord({
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      uid: 'u',
      creationTimestamp: '2026-05-04T09:00:00Z',
      ...change,
    },
    spec: { containers: [{ ports: [{ name: 'metrics', containerPort: 9102 }] }] },
    status: { phase: 'Running', podIP: '10.1.0.7', ...status },
  });
}

const READY = { conditions: [{ type: 'Ready', status: 'True' }] };
const request = { endpoint: { ip: '10.1.0.7', port: 9102 }, path: '/m', selectors: [total, good] };

describe('the pods that are asked', () => {
  test.each<[string, ReturnType<typeof podRecord>, object]>([
    ['one that serves', pod(READY), { ready: true, request }],
    ['one that starts', pod({}), { ready: false, request }],
    [
      'one that is going',
      pod(READY, { deletionTimestamp: '2026-05-04T09:00:00Z' }),
      { ready: false, request },
    ],
    ['nobody where there is no address', pod({ podIP: undefined }), { ready: false }],
    [
      'nobody at an address that is no pod’s',
      pod({ podIP: '169.254.169.254' }),
      { ready: false, problem: '"169.254.169.254" is not the address of a pod' },
    ],
  ])('are %s', (_name, record, expected) => {
    const createdAt = Date.parse('2026-05-04T09:00:00Z');
    expect(scrapedPods([record], scrape)).toEqual([{ uid: 'u', createdAt, ...expected }]);
  });

  test('are none that has ended', () => {
    expect(scrapedPods([pod({ phase: 'Succeeded' }), pod({ phase: 'Failed' })], scrape)).toEqual([]);
  });

  test('are asked for one counter where the policy has one', () => {
    const [asked] = scrapedPods([pod({})], { ...scrape, port: 80, part: undefined });
    expect(asked?.request).toEqual({
      ...request,
      endpoint: { ip: '10.1.0.7', port: 80 },
      selectors: [total],
    });
  });
});

test('lists are asked in turns', () => {
  expect(inTurns([['a1', 'a2', 'a3'], [], ['b1'], ['c1', 'c2']])).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'c2',
    'a3',
  ]);
  expect(inTurns([])).toEqual([]);
});
