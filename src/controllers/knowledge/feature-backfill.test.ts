import {
  startHttpFixture,
  type HttpFixture,
  type ReceivedRequest,
} from '../../../test/support/http-fixture.ts';
import { NOW, policyFixture } from '../../../test/support/loop-fixtures.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import type { FeatureRow } from '../../adapters/lancedb/feature-batch.ts';
import { PrometheusClient } from '../../adapters/prometheus/client.ts';
import { prometheusOptionsSchema } from '../../adapters/prometheus/options.ts';
import { FEATURE_COUNT } from '../../loop/monitor/features/schema.ts';
import { FeatureBackfill } from './feature-backfill.ts';

const MINUTE = 60_000;
const HOURS = 6;

let server: HttpFixture;
let client: PrometheusClient;
let stop: AbortController;
let running: Promise<void>;
let statistics: { rebuilds: number };
let kept: FeatureRow[];
let warnings: string[];

/** Whatever is asked for, it was 5 at every step. */
function answer({ form }: ReceivedRequest): string {
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number.parseFloat(form.get(name) ?? ''));
  const values: [number, string][] = [];
  for (let at = start!; at <= end!; at += step!) values.push([at, '5']);
  return JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result: [{ metric: {}, values }] },
  });
}

beforeEach(async () => {
  server = await startHttpFixture((request, response) => {
    response.setHeader('content-type', 'application/json').end(answer(request));
  });
  const prometheus = prometheusOptionsSchema.parse({ url: server.url });
  client = new PrometheusClient(prometheus, { now: () => NOW, random: () => 0.5 });
  stop = new AbortController();
  statistics = { rebuilds: 0 };
  kept = [];
  warnings = [];
  const backfill = new FeatureBackfill({
    client,
    prometheus,
    store: { appendFeatures: (rows) => kept.push(...rows), statistics },
    policies: () => [policyFixture()],
    clock: { now: () => NOW, sleep: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    log: { info: () => undefined, warn: (message) => warnings.push(message) },
    days: HOURS / 24,
  });
  running = backfill.run(stop.signal);
});

afterEach(async () => {
  stop.abort();
  await running;
  await client.close();
  await server.stop();
});

describe('past features', () => {
  test('are read once after the table began anew, a row for each minute but the present one', async () => {
    statistics.rebuilds = 1;
    await waitFor('rows', () => kept.length > 0);
    const times = kept.map(({ at }) => at);
    expect(times.at(-1)).toBe(Math.floor(NOW / MINUTE) * MINUTE - MINUTE);
    expect(new Set(times).size).toBe(times.length);
    expect(times.length).toBe(HOURS * 60);
    expect(kept.every(({ values }) => values.length === FEATURE_COUNT)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kept).toHaveLength(times.length);
  });

  test('are not asked for while nothing was lost', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.requests).toEqual([]);
  });

  test('that cannot be read are told of', async () => {
    server.reply((_, response) => {
      response.statusCode = 500;
      response.end();
    });
    statistics.rebuilds = 1;
    await waitFor('the warning', () => warnings.length > 0);
    expect(kept).toEqual([]);
  });
});
