import { startHttpFixture, type HttpFixture } from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from './client.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from './options.ts';
import { outlookHistory } from './outlook-history.ts';
import { outlookQuery, OUTLOOK_RESOURCES } from './outlook-queries.ts';

const workload = { namespace: 'shop', kind: 'Deployment', name: 'web' } as const;

describe('the query of a resource', () => {
  const text = (resource: (typeof OUTLOOK_RESOURCES)[number], kind: 'Deployment' | 'StatefulSet'): string => {
    const query = outlookQuery(resource, { ...workload, kind }, 300);
    return query.ok ? query.value.text : query.error.message;
  };

  test.each(OUTLOOK_RESOURCES)('%s is confined to the namespace in every selector', (resource) => {
    const query = text(resource, 'Deployment');
    const selectors = query.match(/\{[^}]*\}/g) ?? [];
    expect(selectors.length).toBeGreaterThan(0);
    expect(query.replaceAll(/\{\d+(,\d+)?\}/g, '').match(/namespace="shop"/g)?.length).toBe(
      query.match(/container_\w+\{|kube_\w+\{/g)?.length,
    );
  });

  test.each([
    ['cpu', 'Deployment', 'container_cpu_usage_seconds_total{'],
    ['memory', 'StatefulSet', 'pod=~"web-[0-9]+"'],
    ['network', 'Deployment', 'container_network_transmit_bytes_total{'],
    ['network', 'StatefulSet', 'interface!="lo"'],
    ['replicas', 'Deployment', 'kube_deployment_status_replicas_ready{namespace="shop",deployment="web"}'],
    ['replicas', 'StatefulSet', 'kube_statefulset_status_replicas_ready{namespace="shop",statefulset="web"}'],
  ] as const)('%s of a %s reads %s', (resource, kind, part) => {
    expect(text(resource, kind)).toContain(part);
  });
});

describe('the hours of a resource', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let options: PrometheusOptions;

  beforeEach(async () => {
    server = await startHttpFixture(() => undefined);
    options = prometheusOptionsSchema.parse({ url: server.url });
    client = new PrometheusClient(options, { now: () => 0, random: () => 0 });
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  /** Five-minute values by their place in the range; undefined is a gap. */
  function serve(value: (index: number) => number | undefined): void {
    server.reply(({ form }, response) => {
      const [start = 0, end = 0] = ['start', 'end'].map((name) => Number.parseFloat(form.get(name) ?? ''));
      const values = Array.from({ length: Math.round((end - start) / 300) + 1 }, (_, i) => i).flatMap((i) => {
        const found = value(i);
        return found === undefined ? [] : [[start + 300 * i, String(found)]];
      });
      const result = values.length === 0 ? [] : [{ metric: {}, values }];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    });
  }

  const request = { resource: 'cpu', workload, firstHour: 1000, endHour: 1003 } as const;

  test('are means and maxima of twelve parts that lie within the hour', async () => {
    serve((index) => Math.floor(index / 12) * 100 + (index % 12));
    const history = await outlookHistory(client, options, request);
    expect(history).toEqual({
      ok: true,
      value: {
        firstHour: 1000,
        means: Float64Array.of(5.5, 105.5, 205.5),
        maxima: Float64Array.of(11, 111, 211),
        warnings: [],
      },
    });
    // rate() at 00:05 covers the five minutes before it.
    expect(server.requests.map(({ form }) => [form.get('start'), form.get('end'), form.get('step')])).toEqual(
      [[(1000 * 3600 + 300).toFixed(3), (1003 * 3600).toFixed(3), '300.000']],
    );
  });

  test('are unknown where fewer than half of the parts are known', async () => {
    serve((index) => (index < 7 || (index >= 12 && index < 18) || index === 30 ? undefined : 4));
    const history = await outlookHistory(client, options, request);
    expect(history.ok && [...history.value.means]).toEqual([Number.NaN, 4, 4]);
  });

  test('are unknown, not zero, for a workload that was never scraped', async () => {
    serve(() => undefined);
    const history = await outlookHistory(client, options, request);
    expect(history.ok && [...history.value.maxima]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  test('of four weeks are one query', async () => {
    serve(() => 1);
    const history = await outlookHistory(client, options, { ...request, endHour: 1672 });
    expect(history.ok && history.value.means.every((mean) => mean === 1)).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('a server that fails is an error, with its reason', async () => {
    server.reply((_, response) => response.writeHead(503).end('no'));
    const history = await outlookHistory(client, options, request);
    expect(history).toMatchObject({ ok: false, error: { code: 'ServerError' } });
  });
});
