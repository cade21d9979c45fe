import type { PrometheusError } from './error.ts';
import { QueryPauses } from './query-pauses.ts';

const rejected: PrometheusError = { code: 'QueryRejected', message: 'too many samples' };

test('a refused query rests, and says why and for how long', () => {
  const pauses = new QueryPauses();
  pauses.asked('a', 0, rejected);
  expect(pauses.resting('a', 5000)).toEqual({
    code: 'QueryRejected',
    message: 'too many samples; asked again in 10 s',
  });
  expect(pauses.resting('a', 15_000)).toBeUndefined();
  expect(pauses.resting('b', 5000)).toBeUndefined();
});

test('each further failure doubles the pause up to five minutes', () => {
  const pauses = new QueryPauses();
  let now = 0;
  const found: number[] = [];
  for (let i = 0; i < 7; i += 1) {
    pauses.asked('a', now, rejected);
    let wait = 0;
    while (pauses.resting('a', now + wait) !== undefined) wait += 5000;
    found.push(wait / 1000);
    now += wait;
  }
  expect(found).toEqual([15, 30, 60, 120, 240, 300, 300]);
});

test('success ends the pause and the count', () => {
  const pauses = new QueryPauses();
  pauses.asked('a', 0, rejected);
  pauses.asked('a', 15_000, undefined);
  pauses.asked('a', 30_000, rejected);
  expect(pauses.resting('a', 45_000)).toBeUndefined();
});

test.each([
  'Unreachable',
  'BreakerOpen',
  'ServerError',
  'Unauthorized',
  'BadAnswer',
  'Credentials',
  'Aborted',
] as const)("%s is not the query's fault", (code) => {
  const pauses = new QueryPauses();
  pauses.asked('a', 0, { code, message: '' });
  expect(pauses.resting('a', 0)).toBeUndefined();
});

test('a query that nobody asks any more is forgotten', () => {
  const pauses = new QueryPauses();
  for (let i = 0; i < 5; i += 1) pauses.asked('a', 0, rejected);
  pauses.asked('other', 10_000_000, undefined);
  pauses.asked('a', 10_000_000, rejected);
  expect(pauses.resting('a', 10_014_000)).toBeDefined();
  expect(pauses.resting('a', 10_015_000)).toBeUndefined();
});
