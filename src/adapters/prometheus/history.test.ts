import { startHttpFixture, type HttpFixture } from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from './client.ts';
import { rangeTotal, workloadTotal } from './history.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from './options.ts';
import { scopeToNamespace, type ScopedQuery } from './promql.ts';

/** The value at a time in seconds, as the server writes it; undefined where the series has a gap. */
type Signal = (at: number) => string | undefined;

describe('rangeTotal', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let options: PrometheusOptions;
  let warning: string | undefined;
  let maxPoints: number;

  const scoped = scopeToNamespace('sum(x)', 'shop');
  const query = scoped.ok ? scoped.value : ({} as ScopedQuery);

  beforeEach(async () => {
    warning = undefined;
    maxPoints = 11_000;
    server = await startHttpFixture(() => undefined);
    options = prometheusOptionsSchema.parse({ url: server.url, scrapeIntervalSeconds: 60 });
    client = new PrometheusClient(options, { now: () => 0, random: () => 0 });
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  /** Serves `signal` as Prometheus does, with its limit of points. */
  function serve(signal: Signal, series = 1): void {
    server.reply(({ form }, response) => {
      const [start, end, step] = ['start', 'end', 'step'].map((name) =>
        Number.parseFloat(form.get(name) ?? ''),
      );
      if (start === undefined || end === undefined || step === undefined) return;
      if ((end - start) / step > maxPoints) {
        response
          .writeHead(400)
          .end('{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution"}');
        return;
      }
      const values: [number, string][] = [];
      for (let at = start; at <= end; at += step) {
        const value = signal(at);
        if (value !== undefined) values.push([at, value]);
      }
      const result = Array.from({ length: series }, (_, i) => ({ metric: { i: String(i) }, values }));
      const data = { resultType: 'matrix', result: values.length > 0 ? result : [] };
      response.end(
        JSON.stringify({
          status: 'success',
          data,
          ...(warning === undefined ? {} : { warnings: [warning] }),
        }),
      );
    });
  }

  test('two weeks by the minute come in parts, complete and in order', async () => {
    serve((at) => String(at / 60));
    const end = 1_209_600_000;
    const result = await rangeTotal(client, options, { query, start: 0, end, stepSeconds: 60 });
    expect(server.requests).toHaveLength(3);
    expect(result.ok && result.value.values).toEqual(Float64Array.from({ length: 20_161 }, (_, i) => i));
    expect(server.requests[0]?.form.get('lookback_delta')).toBe('180.000');
  });

  test('gaps and unusable samples are NaN, never zero', async () => {
    const signal: Record<number, string> = { 0: '5', 60: 'NaN', 120: '+Inf', 180: '-1', 300: '0' };
    serve((at) => signal[at]);
    const result = await rangeTotal(client, options, { query, start: 0, end: 300_000, stepSeconds: 60 });
    expect(result.ok && [...result.value.values]).toEqual([
      5,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.NaN,
      0,
    ]);
  });

  test('the grid is that of whole steps since the epoch', async () => {
    serve(() => '1');
    const result = await rangeTotal(client, options, { query, start: 61_000, end: 239_999, stepSeconds: 60 });
    expect(result).toMatchObject({ ok: true, value: { startMs: 120_000, stepMs: 60_000 } });
    expect(result.ok && result.value.values).toHaveLength(2);
  });

  test('a period without any sample is all NaN, an empty one has no points', async () => {
    serve(() => undefined);
    const silent = await rangeTotal(client, options, { query, start: 0, end: 60_000, stepSeconds: 60 });
    expect(silent.ok && [...silent.value.values]).toEqual([Number.NaN, Number.NaN]);
    const empty = await rangeTotal(client, options, { query, start: 61_000, end: 62_000, stepSeconds: 60 });
    expect(empty.ok && empty.value.values).toHaveLength(0);
  });

  test('a server that refuses long periods is asked for shorter ones', async () => {
    maxPoints = 300;
    serve((at) => String(at));
    const result = await rangeTotal(client, options, { query, start: 0, end: 60_000_000, stepSeconds: 60 });
    expect(result.ok && result.value.values).toEqual(Float64Array.from({ length: 1001 }, (_, i) => i * 60));
  });

  test('a server that refuses every period is not asked for ever', async () => {
    maxPoints = 0;
    serve(() => '1');
    await expect(
      rangeTotal(client, options, { query, start: 0, end: 600_000_000, stepSeconds: 60 }),
    ).resolves.toMatchObject({ ok: false, error: { code: 'QueryRejected' } });
    expect(server.requests.length).toBeLessThan(12);
  });

  test('a part with warnings is a gap, and the warning is told', async () => {
    warning = 'a store is down';
    serve(() => '1');
    const result = await rangeTotal(client, options, { query, start: 0, end: 60_000, stepSeconds: 60 });
    expect(result).toMatchObject({ ok: true, value: { warnings: ['a store is down'] } });
    expect(result.ok && [...result.value.values]).toEqual([Number.NaN, Number.NaN]);
  });

  test('several series are an error with the remedy', async () => {
    serve(() => '1', 2);
    await expect(
      rangeTotal(client, options, { query, start: 0, end: 60_000, stepSeconds: 60 }),
    ).resolves.toMatchObject({
      error: { code: 'UnusableResult', message: expect.stringContaining('sum()') as string },
    });
  });

  test('a step that is no length of time is refused', async () => {
    await expect(rangeTotal(client, options, { query, start: 0, end: 1, stepSeconds: 0 })).rejects.toThrow(
      'stepSeconds',
    );
  });

  test("a workload's total is confined to its namespace and to its pods, past ones included", () => {
    const total = workloadTotal(options, 'cpu', { namespace: 'shop', kind: 'Deployment', name: 'web' });
    expect(total.ok && total.value.text).toBe(
      'sum(max by (namespace, pod, container) (rate(container_cpu_usage_seconds_total{namespace="shop",pod=~"web-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}",container!="",container!="POD"}[240s])))',
    );
  });
});
