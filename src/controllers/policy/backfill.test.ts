import { startHttpFixture, type HttpFixture } from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from '../../adapters/prometheus/options.ts';
import { createPeakForecaster } from '../../loop/analyze/peak/forecaster-state.ts';
import { requestsKey } from '../../loop/monitor/requests.ts';
import { backfill, lacksPast, type Backfilled, type KnownPast } from './backfill.ts';
import { policyEntry } from './policy-entry.ts';

const NOW = Date.UTC(2026, 0, 20, 12, 0, 7);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const entry = policyEntry({
  metadata: {
    namespace: 'shop',
    name: 'web',
    uid: 'u',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    horizontal: { maxReplicas: 10 },
    objective: { requests: { totalQuery: 'sum(rate(http_requests_total[30s]))' } },
  },
});
if (!entry.valid) throw new Error(entry.problem);
const { view } = entry;
const key = requestsKey(view.spec.objective!.requests!);

let server: HttpFixture;
let client: PrometheusClient;
let options: PrometheusOptions;

beforeEach(async () => {
  server = await startHttpFixture(() => undefined);
  options = prometheusOptionsSchema.parse({ url: server.url });
  client = new PrometheusClient(options, { now: () => NOW, random: () => 0 });
  // The value tells the time, so that a test sees what became of it.
  server.reply(({ form }, response) => {
    const [start = NaN, end = NaN, step = NaN] = ['start', 'end', 'step'].map((name) =>
      Number.parseFloat(form.get(name) ?? ''),
    );
    const values: [number, string][] = [];
    for (let at = start; at <= end; at += step) values.push([at, String(at)]);
    const data = { resultType: 'matrix', result: [{ metric: {}, values }] };
    response.end(JSON.stringify({ status: 'success', data }));
  });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

async function read(known: Partial<KnownPast>): Promise<readonly Backfilled[]> {
  const past = { now: NOW, restored: undefined, seriesAt: () => Promise.resolve(undefined), ...known };
  const found: Backfilled[] = [];
  if (!entry.valid) return found;
  for await (const each of backfill(entry, { client, options, days: 8 }, past)) found.push(each);
  return found;
}

function eventOf([found]: readonly Backfilled[]): Extract<Backfilled, { ok: true }>['event'] {
  if (found?.ok !== true) throw new Error('no event');
  return found.event;
}

describe('the past of a policy', () => {
  test('is read in minutes, and its last day as finely as it comes live', async () => {
    const { demandKey, past, averagedSeconds, after } = eventOf(await read({}));
    expect(demandKey).toBe(key);
    expect(averagedSeconds).toBe(30);
    expect(after).toBeUndefined();
    expect(past.map(({ stepMs }) => stepMs)).toEqual([60_000, 15_000]);
    const [days, day] = past;
    expect(days!.startMs).toBe(NOW - 8 * DAY + 53_000);
    expect(day!.startMs).toBe(NOW - DAY + 8000);
    expect(day!.values).toHaveLength(5760);
    for (const { startMs, stepMs, values } of past) {
      expect(values.every((value, i) => value === (startMs + i * stepMs) / 1000)).toBe(true);
    }
    const lastMinute = days!.startMs + (days!.values.length - 1) * 60_000;
    expect(day!.startMs - lastMinute).toBeLessThanOrEqual(60_000);
    expect(day!.startMs).toBeGreaterThan(lastMinute);
  });

  test('is that since the checkpoint, where there is one, and goes on from it', async () => {
    const forecaster = createPeakForecaster('Full');
    const restored = { at: NOW - 2 * HOUR, keys: new Set([key]) };
    const seriesAt = (): Promise<typeof forecaster> => Promise.resolve(forecaster);
    const { past, after } = eventOf(await read({ restored, seriesAt }));
    expect(past).toHaveLength(1);
    expect(past[0]).toMatchObject({ startMs: NOW - 2 * HOUR + 8000, stepMs: 15_000 });
    expect(after).toBe(forecaster);
  });

  test('is not read after a checkpoint of a few minutes ago', async () => {
    const restored = { at: NOW - 5 * 60_000, keys: new Set([key]) };
    expect(await read({ restored })).toEqual([]);
    const demands = [{ key, forecaster: createPeakForecaster('Full') }];
    expect(lacksPast(demands, restored, NOW)).toBe(false);
    expect(lacksPast(demands, undefined, NOW)).toBe(true);
  });

  test('that cannot be read says why', async () => {
    server.reply((_, response) => response.writeHead(500).end('out of memory'));
    expect(await read({})).toEqual([
      { ok: false, demandKey: key, message: expect.stringMatching(/500/) as string },
    ]);
  });
});
