import {
  startHttpFixture,
  vectorBody,
  type HttpFixture,
  type ReceivedRequest,
} from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from './client.ts';
import { prometheusOptionsSchema } from './options.ts';
import { WorkloadMetrics, type MetricNeeds } from './workload-metrics.ts';

const NOW = 1_700_000_000_000;
const SECONDS = NOW / 1000;

describe('WorkloadMetrics', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let now: number;

  beforeEach(async () => {
    now = NOW;
    server = await startHttpFixture((_request, response) => response.end(vectorBody([], now / 1000)));
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  function metricsWith(options: Record<string, unknown> = {}): WorkloadMetrics {
    const parsed = prometheusOptionsSchema.parse({ url: server.url, maxClockSkewSeconds: 600, ...options });
    client = new PrometheusClient(parsed, { now: () => now, random: () => 0 });
    return new WorkloadMetrics(client, parsed, () => now);
  }

  /** Answers each query with what `answer` gives for its text; a text is sent as a 422. */
  function answerWith(answer: (query: string) => Parameters<typeof vectorBody>[0] | string): void {
    server.reply((request, response) => {
      // The Date header would be today's.
      response.sendDate = false;
      const found = answer(request.form.get('query') ?? '');
      if (typeof found === 'string') response.writeHead(422);
      const error = { status: 'error', errorType: 'execution', error: found };
      response.end(typeof found === 'string' ? JSON.stringify(error) : vectorBody(found, now / 1000));
    });
  }

  function podSeries(
    namespace: string,
    pod: string,
    value: string,
    ageSeconds: number,
  ): Parameters<typeof vectorBody>[0] {
    return [
      [{ namespace, pod, autonomic_part: 'value' }, value],
      [{ namespace, pod, autonomic_part: 'sampled' }, String(now / 1000 - ageSeconds)],
    ];
  }

  const queries = (requests: readonly ReceivedRequest[]): string[] =>
    requests.map((request) => request.form.get('query') ?? '');

  test('pod metrics cost one query for each metric, however many policies ask', async () => {
    answerWith((query) =>
      query.includes('cpu_usage')
        ? [
            ...podSeries('a', 'web-1', '0.5', 10),
            ...podSeries('b', 'api-1', '0.25', 200),
            ...podSeries('c', 'x', '1', 1),
          ]
        : podSeries('a', 'web-1', '1e6', 10),
    );
    const pods = ['a', 'b', 'a', 'b', 'a'].flatMap((namespace) => [
      { namespace, resource: 'cpu' as const },
      { namespace, resource: 'memory' as const },
    ]);
    const readings = await metricsWith().gather({ pods, queries: [] });
    expect(server.requests).toHaveLength(2);
    expect(readings.namespaceUsage('cpu', 'a').pods).toEqual(
      new Map([['web-1', { quality: 'Fresh', value: 0.5, at: NOW - 10_000 }]]),
    );
    expect(readings.podUsage('memory', 'a', ['web-1', 'web-2'])).toEqual({
      usage: [
        { pod: 'web-1', reading: { quality: 'Fresh', value: 1e6, at: NOW - 10_000 } },
        {
          pod: 'web-2',
          reading: { quality: 'Missing', reason: 'NoData', message: 'no memory series of this pod' },
        },
      ],
    });
    expect(readings.podUsage('cpu', 'b', ['api-1']).usage[0]?.reading).toMatchObject({ quality: 'Stale' });
    // A namespace that nobody asked for does not appear, even if the server sends it.
    expect(readings.namespaceUsage('cpu', 'c').failure).toMatchObject({
      message: 'was not asked for in this round',
    });
  });

  test('a failed pod query is one failure for the namespace and Missing for each pod', async () => {
    answerWith(() => 'query processing would load too many samples into memory');
    const readings = await metricsWith().gather({ pods: [{ namespace: 'a', resource: 'cpu' }], queries: [] });
    const { usage, failure } = readings.podUsage('cpu', 'a', ['web-1']);
    expect(failure).toMatchObject({ reason: 'QueryFailed' });
    expect(usage[0]?.reading).toEqual(failure);
  });

  test('an answer that is too large is asked for again in halves', async () => {
    answerWith((query) =>
      query.includes('|')
        ? Array.from({ length: 100 }, (_, i) => podSeries('a', `pod-${i}`, '1', 1)).flat()
        : podSeries(/namespace=~"(\w)"/.exec(query)?.[1] ?? '', 'web-1', '1', 1),
    );
    const pods = ['a', 'b', 'c'].map((namespace) => ({ namespace, resource: 'cpu' as const }));
    const readings = await metricsWith({ maxAnswerBytes: 5000 }).gather({ pods, queries: [] });
    for (const { namespace } of pods) {
      expect(readings.podUsage('cpu', namespace, ['web-1']).usage[0]?.reading).toMatchObject({
        quality: 'Fresh',
      });
    }
  });

  test("users' queries are confined, asked once for each query and namespace, and aged by their inputs", async () => {
    answerWith((query) => {
      if (query.includes('timestamp('))
        return [[{ input: '0' }, String(SECONDS - (query.includes('"a"') ? 5 : 240))]];
      return [[{}, '42']];
    });
    const need = (namespace: string): MetricNeeds['queries'][number] => ({
      namespace,
      query: 'sum(rate(x[1m]))',
    });
    const readings = await metricsWith().gather({ pods: [], queries: [need('a'), need('a'), need('b')] });
    expect(queries(server.requests).toSorted()).toEqual([
      'label_replace(max(timestamp(x{namespace="a"})), "input", "0", "", "")',
      'label_replace(max(timestamp(x{namespace="b"})), "input", "0", "", "")',
      'sum(rate(x{namespace="a"}[1m]))',
      'sum(rate(x{namespace="b"}[1m]))',
    ]);
    expect(readings.query('a', 'sum(rate(x[1m]))')).toEqual({ quality: 'Fresh', value: 42, at: NOW - 5000 });
    expect(readings.query('b', 'sum(rate(x[1m]))')).toMatchObject({ quality: 'Stale', value: 42 });
    expect(readings.query('c', 'sum(rate(x[1m]))')).toMatchObject({
      quality: 'Missing',
      reason: 'QueryFailed',
    });
  });

  test('a query that cannot be confined is never sent', async () => {
    const query = 'x{namespace="kube-system"}';
    const readings = await metricsWith().gather({ pods: [], queries: [{ namespace: 'a', query }] });
    expect(readings.query('a', query)).toMatchObject({
      reason: 'QueryFailed',
      message: expect.stringContaining('a policy reads only its own namespace') as string,
    });
    expect(server.requests).toHaveLength(0);
  });

  test('a query that is refused rests; the others go on', async () => {
    answerWith((query) => {
      if (query.includes('heavy') && !query.includes('timestamp'))
        return 'query processing would load too many samples';
      return query.includes('timestamp') ? [[{ input: '0' }, String(now / 1000)]] : [[{}, '1']];
    });
    const metrics = metricsWith();
    const needs = { pods: [], queries: ['heavy', 'light'].map((query) => ({ namespace: 'a', query })) };
    await metrics.gather(needs);
    now += 1000;
    const before = server.requests.length;
    const readings = await metrics.gather(needs);
    expect(queries(server.requests.slice(before)).some((query) => query.includes('heavy'))).toBe(false);
    expect(readings.query('a', 'heavy')).toMatchObject({
      reason: 'QueryFailed',
      message: expect.stringContaining('asked again in 14 s') as string,
    });
    expect(readings.query('a', 'light')).toMatchObject({ quality: 'Fresh' });
    now += 14_000;
    await metrics.gather(needs);
    expect(queries(server.requests).filter((query) => query === 'heavy{namespace="a"}')).toHaveLength(2);
  });

  test('a round that is called off leaves Missing readings and no query resting', async () => {
    const metrics = metricsWith();
    server.reply(() => undefined);
    const round = new AbortController();
    const needs = {
      pods: [{ namespace: 'a', resource: 'cpu' as const }],
      queries: [{ namespace: 'a', query: 'x' }],
    };
    const gathering = metrics.gather(needs, round.signal);
    while (server.requests.length < 3) await new Promise(setImmediate);
    round.abort();
    const readings = await gathering;
    expect(readings.query('a', 'x')).toMatchObject({
      reason: 'QueryFailed',
      message: expect.stringContaining('round ended') as string,
    });
    expect(readings.namespaceUsage('cpu', 'a').failure).toMatchObject({ reason: 'QueryFailed' });
    answerWith((query) => (query.includes('timestamp') ? [[{ input: '0' }, String(SECONDS)]] : [[{}, '1']]));
    await expect(metrics.gather(needs).then((next) => next.query('a', 'x'))).resolves.toMatchObject({
      quality: 'Fresh',
    });
  });

  test('nodes join usage by one label with capacity by another', async () => {
    const part = (label: string, value: string): Parameters<typeof vectorBody>[0] => [
      [{ [label]: 'n1', autonomic_part: 'value' }, value],
      [{ [label]: 'n1', autonomic_part: 'sampled' }, String(SECONDS - 3)],
    ];
    answerWith((query) => {
      if (query.includes('resource="memory"')) return 'no kube-state-metrics here';
      if (query.includes('allocatable')) return part('node', '4');
      return part('instance', query.includes('cpu') ? '1.5' : '2e9');
    });
    const nodes = await metricsWith({ nodeLabel: 'instance' }).nodes();
    expect([...nodes]).toEqual([
      [
        'n1',
        {
          usage: {
            cpu: { quality: 'Fresh', value: 1.5, at: NOW - 3000 },
            memory: { quality: 'Fresh', value: 2e9, at: NOW - 3000 },
          },
          allocatable: {
            cpu: { quality: 'Fresh', value: 4, at: NOW - 3000 },
            memory: expect.objectContaining({ quality: 'Missing', reason: 'QueryFailed' }) as object,
          },
        },
      ],
    ]);
  });
});
