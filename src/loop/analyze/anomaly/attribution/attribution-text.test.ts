import { attributionTexts } from './attribution-text.ts';
import type { Attribution } from './attribution.ts';

const MINUTE = 60_000;
const none: Attribution = { surprises: {}, firstMoved: undefined, similar: undefined, suspects: [] };

test('of an anomaly of which nothing more is known, nothing more is told', () => {
  expect(attributionTexts(none)).toEqual([]);
});

test('what moved first, the first suspect and a similar one are told in words', () => {
  const db = { workload: 'db', signal: 'latency', at: 0, leadMs: 2 * MINUTE, path: undefined } as const;
  expect(
    attributionTexts({
      ...none,
      firstMoved: { signal: 'queue', at: 0, leadMs: 4 * MINUTE },
      suspects: [db, { ...db, workload: 'cache' }],
      similar: { at: Date.UTC(2026, 10, 12, 14, 3), durationMs: 12 * MINUTE, ending: 'Over' },
    }),
  ).toEqual([
    'the queue moved first, 4 min before',
    'suspected is db: the latency became unusual 2 min before',
    'like that of 2026-11-12 14:03 UTC, which was over after 12 min',
  ]);
});

test.each([
  [0, ['web', 'cart', 'db'], 'the load became unusual in the same minute, along the calls web → cart → db'],
  [-MINUTE, ['web', 'db'], 'the load became unusual 1 min later, along the calls web → db'],
  [MINUTE, undefined, 'the load became unusual 1 min before'],
])('a suspect that moved %d ms before, by the calls %j', (leadMs, path, text) => {
  const suspect = { workload: 'db', signal: 'load', at: 0, leadMs, path } as const;
  expect(attributionTexts({ ...none, suspects: [suspect] })).toEqual([`suspected is db: ${text}`]);
});

test('one that never was over is told as such', () => {
  const similar = { at: 0, durationMs: 130 * MINUTE, ending: 'NewNormal' } as const;
  expect(attributionTexts({ ...none, similar })).toEqual([
    'like that of 1970-01-01 00:00 UTC, which counted as usual after 2 h',
  ]);
});
