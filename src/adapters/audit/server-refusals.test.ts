import type { InstantQuery, PrometheusClient } from '../prometheus/client.ts';
import { readServerRefusals } from './server-refusals.ts';

/** Answers one sample for each part, as Prometheus does for the query. */
function client(
  parts: Readonly<Record<string, number>>,
): { asked: InstantQuery[] } & Pick<PrometheusClient, 'instant'> {
  const asked: InstantQuery[] = [];
  return {
    asked,
    instant: (query) => {
      asked.push(query);
      const data = Object.entries(parts).map(([part, value]) => ({
        labels: new Map([['part', part]]),
        at: 0,
        value,
      }));
      return Promise.resolve({
        ok: true,
        value: { data, warnings: [], infos: [], sentAt: 0, receivedAt: 0 },
      });
    },
  };
}

test('what was refused is rounded to requests', async () => {
  const prometheus = client({ attempts: 900.4, unauthenticated: 14.9, notAllowed: 7.2 });
  expect(await readServerRefusals(prometheus, 60)).toEqual({
    unauthenticated: 15,
    notAllowed: 7,
    seconds: 60,
  });
  expect(prometheus.asked[0]?.query).toContain(
    'increase(authentication_attempts{result=~"failure|error"}[60s])',
  );
});

test('counters that never counted are none where others are', async () => {
  expect(await readServerRefusals(client({ attempts: 900 }), 60)).toEqual({
    unauthenticated: 0,
    notAllowed: 0,
    seconds: 60,
  });
});

test.each([
  ['nothing is scraped', client({}), "the API server's metrics are not scraped"],
  ['a counter is no number', client({ attempts: 1, notAllowed: NaN }), 'the counters are no numbers'],
  [
    'Prometheus does not answer',
    {
      instant: () =>
        Promise.resolve({
          ok: false as const,
          error: { code: 'Unreachable' as const, message: 'no answer' },
        }),
    },
    'no answer',
  ],
])('nothing is known when %s, and that is said', async (_name, prometheus, missing) => {
  expect(await readServerRefusals(prometheus, 60)).toEqual({ missing });
});
