import { startHttpFixture, type HttpFixture } from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { SIGNAL, WATCHED_SIGNALS, type WatchedSignal } from '../../loop/analyze/anomaly/watched-signals.ts';
import { signalPast, type SignalPast } from './anomaly-backfill.ts';
import { policyEntry } from './policy-entry.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
/** In the middle of a minute. */
const NOW = Date.UTC(2026, 4, 4, 9, 0, 30);

const TOTAL = 'sum(rate(http_requests_total[30s]))';
const BAD = 'sum(rate(http_requests_bad_total[30s]))';

function entryOf(spec: Readonly<Record<string, unknown>>) {
  const entry = policyEntry({
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'policy-uid',
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      horizontal: { maxReplicas: 10 },
      ...spec,
    },
  });
  if (!entry.valid) throw new Error(entry.problem);
  return entry;
}

const REQUESTS = entryOf({ objective: { requests: { totalQuery: TOTAL, badQuery: BAD } } });

let server: HttpFixture;
let client: PrometheusClient;
let options: PrometheusOptions;
let queries: string[];

beforeEach(async () => {
  queries = [];
  server = await startHttpFixture(() => undefined);
  options = prometheusOptionsSchema.parse({ url: server.url });
  client = new PrometheusClient(options, { now: () => NOW, random: () => 0 });
  answer(({ at }) => at);
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

/** A value for each time (seconds since the epoch) of a query. */
function answer(value: (asked: { readonly query: string; readonly at: number }) => number): void {
  server.reply(({ form }, response) => {
    const query = form.get('query') ?? '';
    queries.push(query);
    const [start = NaN, end = NaN, step = NaN] = ['start', 'end', 'step'].map((name) =>
      Number.parseFloat(form.get(name) ?? ''),
    );
    const values: [number, string][] = [];
    for (let at = start; at <= end; at += step) values.push([at, String(value({ query, at }))]);
    const data = { resultType: 'matrix', result: [{ metric: {}, values }] };
    response.end(JSON.stringify({ status: 'success', data }));
  });
}

const read = (since: number, { entry = REQUESTS, days = 3 } = {}): Promise<SignalPast> =>
  signalPast(entry, { client, options, days }, { now: NOW, since });

/** Signals of which anything is known. */
const knownOf = ({ events }: SignalPast): WatchedSignal[] =>
  WATCHED_SIGNALS.filter((signal) =>
    events[0]?.values[SIGNAL[signal]]?.some((value) => !Number.isNaN(value)),
  );

describe('the past of the signals', () => {
  it('is read day by day, as far back as wanted, up to the last whole minute', async () => {
    const { events, problems } = await read(-Infinity);
    expect(problems).toEqual([]);
    expect(events.map(({ anew }) => anew)).toEqual([true, false, false]);
    const [first] = events;
    expect(first?.firstMinute).toBe(Math.floor(NOW / MINUTE) - 3 * DAY_MINUTES + 1);
    const lengths = events.map(({ values }) => new Set(values.map(({ length }) => length)));
    expect(lengths).toEqual([new Set([DAY_MINUTES]), new Set([DAY_MINUTES]), new Set([DAY_MINUTES - 1])]);
    const last = events.at(-1)!;
    expect(last.firstMinute + last.values[0]!.length).toBe(Math.floor(NOW / MINUTE));
  });

  it('belongs to the minute that a value averages, which ends at its time', async () => {
    const { events } = await read(-Infinity);
    for (const { firstMinute, values } of events) {
      const load = values[SIGNAL.load]!;
      expect(load.every((value, i) => value === (firstMinute + i + 1) * 60)).toBe(true);
    }
  });

  it('is what a checkpoint missed, which adds to what it knows', async () => {
    const { events } = await read(NOW - 90 * MINUTE);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ anew: false, firstMinute: Math.ceil((NOW - 90 * MINUTE) / MINUTE) });
    expect(events[0]?.values[0]).toHaveLength(89);
  });

  it.each([
    ['a moment ago', NOW - 10_000],
    ['in the future', NOW + MINUTE],
  ])('is empty, and nothing is asked, after a checkpoint of %s', async (_, since) => {
    expect(await read(since)).toEqual({ events: [], problems: [] });
    expect(queries).toEqual([]);
  });

  it('has the share of bad requests, unknown while there are none', async () => {
    const noon = (at: number): boolean => at % 86_400 < 43_200;
    answer(({ query, at }) => (query.includes('bad') ? 3 : noon(at) ? 12 : 0));
    const { events } = await read(-Infinity, { days: 1 });
    const errors = events[0]!.values[SIGNAL.errors]!;
    const first = events[0]!.firstMinute;
    expect(errors.every((value, i) => Object.is(value, noon((first + i + 1) * 60) ? 0.25 : NaN))).toBe(true);
  });

  it('that cannot be read says why and stays unknown, and the rest is read', async () => {
    server.reply((_, response) => response.writeHead(500).end('out of memory'));
    const { events, problems } = await read(-Infinity, { days: 1 });
    expect(problems.length).toBeGreaterThan(1);
    expect(problems[0]).toMatch(/500/);
    expect(knownOf({ events, problems })).toEqual([]);
  });
});

describe('what is read', () => {
  const indicator = (name: string) => ({ name, query: `max(${name.replaceAll('-', '_')})`, threshold: '1' });
  const queue = {
    type: 'Prometheus',
    prometheus: {
      name: 'queue',
      query: 'sum(queue_length)',
      target: { type: 'AverageValue', averageValue: '5' },
    },
  };
  const cpu = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
  };

  it.each<[string, Readonly<Record<string, unknown>>, readonly WatchedSignal[]]>([
    [
      'load and errors of requests, and what cAdvisor tells',
      { objective: { requests: { totalQuery: TOTAL, badQuery: BAD } } },
      ['load', 'errors', 'cpu', 'memory', 'receive', 'transmit'],
    ],
    [
      'no errors where nobody counts them',
      { objective: { requests: { totalQuery: TOTAL } } },
      ['load', 'cpu', 'memory', 'receive', 'transmit'],
    ],
    ['CPU as the load, once', { metrics: [cpu] }, ['load', 'memory', 'receive', 'transmit']],
    [
      'indicators by their names',
      {
        metrics: [cpu],
        objective: { indicators: ['latency-p99', 'error-share', 'queue-lag'].map(indicator) },
      },
      ['load', 'latency', 'errors', 'queue', 'memory', 'receive', 'transmit'],
    ],
    [
      'a metric that is a queue',
      { metrics: [cpu, queue] },
      ['load', 'queue', 'memory', 'receive', 'transmit'],
    ],
  ])('is %s', async (_, spec, signals) => {
    expect(knownOf(await read(-Infinity, { entry: entryOf(spec), days: 1 }))).toEqual(signals);
  });

  it('is confined to the namespace of the policy', async () => {
    await read(-Infinity, { days: 1 });
    expect(queries.length).toBeGreaterThan(4);
    for (const query of queries) expect(query).toContain('namespace="shop"');
  });
});
