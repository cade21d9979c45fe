import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { withFreePort } from '../../hack/controlplane/ports.ts';
import { LeashedProcess } from '../../hack/controlplane/process.ts';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { untilReady } from '../../hack/controlplane/wait.ts';
import { ensureTools } from '../../hack/tools/tools.ts';
import { CallGraphs } from '../../src/adapters/prometheus/call-graph.ts';
import { PrometheusClient } from '../../src/adapters/prometheus/client.ts';
import { rangeTotal, workloadTotal } from '../../src/adapters/prometheus/history.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from '../../src/adapters/prometheus/options.ts';
import { WorkloadMetrics } from '../../src/adapters/prometheus/workload-metrics.ts';
import type { Reading } from '../../src/loop/monitor/reading.ts';
import { startHttpFixture, type HttpFixture, type Reply } from '../support/http-fixture.ts';
import { cadvisorLines, pastOfDeployment, pastOfMeshes } from '../support/prometheus-series.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;
/** Long enough for a build of the tools on a machine that has none. */
const START_TIMEOUT_MS = 30 * MINUTE;

/** Where the imported past ends, on the minute: well before the first scrape. */
const PAST_END = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;

describe('the Prometheus adapter against a real Prometheus', () => {
  let directory: string;
  let target: HttpFixture;
  let exposition: string[];
  let lingeringAt: number;
  let prometheus: PrometheusServer;
  const clients: PrometheusClient[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'autonomic-prometheus-'));
    const past = join(directory, 'past.om');
    await writeFile(past, pastOfDeployment(PAST_END));
    const meshes = join(directory, 'meshes.om');
    await writeFile(meshes, pastOfMeshes(PAST_END));
    target = await startHttpFixture((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(`${[...exposition, ...cadvisorLines()].join('\n')}\n`);
    });
    exposition = [
      'requests{namespace="shop",pod="a"} 40',
      'requests{namespace="shop",pod="b"} 2',
      'requests{namespace="other",pod="a"} 1000',
      'broken{namespace="shop",kind="nan"} NaN',
      'broken{namespace="shop",kind="inf"} +Inf',
      'broken{namespace="shop",kind="negative"} -3',
    ];
    const { port } = new URL(target.url);
    prometheus = await startPrometheus({
      dir: join(directory, 'prometheus'),
      scrape: [{ job: 'app', port: Number.parseInt(port, 10) }],
      scrapeIntervalSeconds: 1,
      history: [past, meshes],
    });
    // As cAdvisor does: with a time of its own, so no staleness marker is ever written and look-back serves it.
    lingeringAt = Date.now() - 2 * MINUTE;
    exposition.push(`lingering{namespace="shop"} 7 ${lingeringAt}`);
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await prometheus.stop();
    await target.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function connect(options: Record<string, unknown> = {}): {
    client: PrometheusClient;
    options: PrometheusOptions;
    metrics: WorkloadMetrics;
  } {
    const parsed = prometheusOptionsSchema.parse({
      url: prometheus.url,
      scrapeIntervalSeconds: 1,
      rateWindowSeconds: 10,
      ...options,
    });
    const client = new PrometheusClient(parsed, { now: Date.now, random: Math.random });
    clients.push(client);
    return { client, options: parsed, metrics: new WorkloadMetrics(client, parsed, Date.now) };
  }

  async function read(query: string, options?: Record<string, unknown>): Promise<Reading> {
    return (
      await connect(options).metrics.gather({ pods: [], queries: [{ namespace: 'shop', query }] })
    ).query('shop', query);
  }

  async function untilScraped(): Promise<void> {
    await waitFor('a first scrape', async () => (await read('sum(requests)')).quality === 'Fresh');
  }

  test('who calls whom comes from the series of Istio and Linkerd', async () => {
    const { options } = connect();
    const evaluateAt = (): number => PAST_END;
    const client = new PrometheusClient(options, { now: Date.now, random: Math.random, evaluateAt });
    clients.push(client);
    const graphs = new CallGraphs(client, Date.now);
    await graphs.refresh(['other', 'shop']);
    expect(graphs.of('shop')).toEqual([
      { caller: 'web', callee: 'cart' },
      { caller: 'cart', callee: 'db' },
    ]);
    expect(graphs.of('other')).toEqual([]);
  });

  test('a query of a policy reads only its own namespace, with the time of the sample', async () => {
    await untilScraped();
    const reading = await read('sum(requests) # or {namespace="other"}');
    expect(reading).toMatchObject({ quality: 'Fresh', value: 42 });
    const age = reading.quality === 'Missing' ? Infinity : Date.now() - reading.at;
    expect(age).toBeGreaterThan(-1000);
    expect(age).toBeLessThan(90_000);
  });

  test.each([
    ['broken{kind="nan"}', 'NotANumber', 'NaN'],
    ['broken{kind="inf"}', 'NotANumber', 'Infinity'],
    ['broken{kind="negative"}', 'NotANumber', 'negative'],
    ['nothing_here', 'NoData', 'no series'],
    ['sum(nothing_here) or vector(0)', 'NoData', 'constants'],
    ['requests', 'QueryFailed', 'answers 2 series, wanted is one'],
    ['requests{pod="a"} * on () requests', 'QueryFailed', 'many'],
    ['rate(requests)', 'QueryFailed', 'expected type range vector'],
  ])('%s is Missing: %s', async (query, reason, message) => {
    await untilScraped();
    const reading = await read(query);
    expect(reading).toMatchObject({ quality: 'Missing', reason });
    expect('message' in reading && reading.message).toContain(message);
  });

  test('a series that look-back keeps serving after its last sample is Stale, with the true time', async () => {
    const reading = await waitFor('the lingering series', async () => {
      const found = await read('sum(lingering)');
      return found.quality !== 'Missing' && found;
    });
    expect(reading).toEqual({ quality: 'Stale', value: 7, at: lingeringAt });
  });

  test('pod usage of several namespaces comes from one query for each metric', async () => {
    const { metrics } = connect();
    const pods = ['shop', 'other'].flatMap((namespace) => [
      { namespace, resource: 'cpu' as const },
      { namespace, resource: 'memory' as const },
    ]);
    const readings = await waitFor('rates of all pods', async () => {
      const found = await metrics.gather({ pods, queries: [] });
      const [cpu] = found.podUsage('cpu', 'shop', ['web-5d59d67564-7lbkn']).usage;
      // Two containers of 0.5 and 0.25 cores; the rate rises to their sum while its window fills.
      return cpu?.reading.quality === 'Fresh' && cpu.reading.value > 0.7 && found;
    });
    // The pod's own sum, the pause container and the second scrape would each make it more.
    const [cpu] = readings.podUsage('cpu', 'shop', ['web-5d59d67564-7lbkn']).usage;
    expect(cpu?.reading.quality === 'Fresh' && cpu.reading.value).toBeLessThan(0.8);
    expect(readings.podUsage('memory', 'shop', ['web-5d59d67564-7lbkn']).usage[0]?.reading).toMatchObject({
      value: 3e8,
    });
    expect([...readings.namespaceUsage('memory', 'other').pods.keys()]).toEqual(['db-0']);
  });

  test('nodes have usage and capacity', async () => {
    const { metrics } = connect();
    const node = await waitFor('the rate of the node', async () => {
      const found = (await metrics.nodes()).get('node-1');
      return found?.usage.cpu.quality === 'Fresh' && found.usage.cpu.value > 1.4 && found;
    });
    expect(node.allocatable).toMatchObject({ cpu: { value: 4 }, memory: { value: 1.6e10 } });
    expect(node.usage.cpu.quality === 'Fresh' && node.usage.cpu.value).toBeLessThan(1.6);
  });

  test("a Deployment's past is the sum over pods that are long gone, with its gap", async () => {
    const { client, options } = connect({ scrapeIntervalSeconds: 30, rateWindowSeconds: 120 });
    const total = workloadTotal(options, 'cpu', { namespace: 'shop', kind: 'Deployment', name: 'web' });
    if (!total.ok) throw new Error(total.error.message);
    const request = { query: total.value, start: PAST_END - 60 * MINUTE, end: PAST_END, stepSeconds: 60 };
    const history = await rangeTotal(client, options, request);
    if (!history.ok) throw new Error(history.error.message);
    const { values } = history.value;
    expect(values).toHaveLength(61);
    // Two pods of one core each; nothing between minutes 20 and 40; the pods of web-api are not ours.
    expect(values[10]).toBeCloseTo(2, 6);
    expect(values[55]).toBeCloseTo(2, 6);
    expect(Array.from(values.slice(23, 40), Number.isNaN)).toEqual(Array.from({ length: 17 }, () => true));
  });

  describe('behind a proxy that breaks answers', () => {
    let proxy: HttpFixture;

    beforeEach(async () => {
      proxy = await startHttpFixture(() => undefined);
    });

    afterEach(() => proxy.stop());

    test.each([
      [
        'an unbroken answer',
        (body: string): Reply =>
          (_q, r) =>
            r.end(body),
        'Fresh',
      ],
      [
        'a truncated answer',
        (body: string): Reply =>
          (_q, r) =>
            r.end(body.slice(0, -7)),
        'not an answer of Prometheus',
      ],
      ['an HTML page', (): Reply => (_q, r) => r.end('<html>login</html>'), 'not an answer of Prometheus'],
      [
        'a redirect',
        (): Reply => (_q, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
        'redirects are not followed',
      ],
      [
        'every series twice',
        (body: string): Reply =>
          (_q, r) =>
            r.end(twice(body)),
        'comes twice',
      ],
      [
        'a warning',
        (body: string): Reply =>
          (_q, r) =>
            r.end(body.replace('{', '{"warnings":["store down"],')),
        'Prometheus warns: store down',
      ],
      [
        '50 MB',
        (): Reply => (_q, r) => r.end(`{"status":"success","x":"${'x'.repeat(5e7)}"}`),
        'exceeds 5000000 bytes',
      ],
      [
        'a Date ten minutes ahead',
        (body: string): Reply =>
          (_q, r) =>
            r.setHeader('date', new Date(Date.now() + 10 * MINUTE).toUTCString()).end(body),
        'differ by',
      ],
    ])('%s is told for what it is', async (_name, breakBody, expected) => {
      await untilScraped();
      proxy.reply((received, response) => {
        void forward(prometheus.url, received.path, received.form).then((body) => {
          response.setHeader('content-type', 'application/json');
          breakBody(body)(received, response);
        });
      });
      const reading = await read('sum(requests)', { url: proxy.url });
      expect(reading.quality === 'Missing' ? reading.message : reading.quality).toContain(expected);
    });
  });

  test('a target that stops is NoData after its staleness markers, also behind `or vector(0)`', async () => {
    await untilScraped();
    exposition = exposition.filter((line) => !line.startsWith('requests'));
    const query = 'sum(requests) or vector(0)';
    const reading = await waitFor('the series to end', async () => {
      const found = await read(query);
      return found.quality === 'Missing' && found;
    });
    expect(reading).toMatchObject({ reason: 'NoData' });
    exposition.push('requests{namespace="shop",pod="a"} 42');
    await untilScraped();
  });

  test('a query over the sample limit is refused, and the breaker stays closed', async () => {
    const tools = await ensureTools();
    const data = join(directory, 'limited');
    const configuration = join(directory, 'limited.yaml');
    await writeFile(configuration, '{}');
    await withFreePort(async (port) => {
      const server = new LeashedProcess({
        keeper: tools.keeper,
        program: tools.prometheus,
        args: [
          `--config.file=${configuration}`,
          `--storage.tsdb.path=${data}`,
          `--web.listen-address=127.0.0.1:${port}`,
          '--query.max-samples=50',
        ],
        logFile: join(directory, 'limited.log'),
      });
      try {
        const { client } = connect({ url: `http://127.0.0.1:${port}`, breaker: { failures: 1 } });
        await untilAnswering(client, server);
        await expect(client.instant({ query: 'sum_over_time(vector(1)[10m:1s])' })).resolves.toMatchObject({
          ok: false,
          error: {
            code: 'QueryRejected',
            status: 422,
            message: expect.stringContaining('too many samples') as string,
          },
        });
        expect(client.breakerState()).toBe('Closed');
      } finally {
        await server.stop();
      }
    });
  });

  test('the breaker opens while Prometheus is down and closes when it is back', async () => {
    await untilScraped();
    const { client, metrics } = connect({ breaker: { failures: 3, pauseSeconds: 0.2, maxPauseSeconds: 1 } });
    const needs = { pods: [], queries: [{ namespace: 'shop', query: 'sum(requests)' }] };
    await prometheus.stop();
    await waitFor('the breaker to open', async () => {
      const reading = (await metrics.gather(needs)).query('shop', 'sum(requests)');
      return reading.quality === 'Missing' && reading.message.includes('it is asked again within');
    });
    await prometheus.restart();
    await waitFor('a fresh reading again', async () => {
      const reading = (await metrics.gather(needs)).query('shop', 'sum(requests)');
      return reading.quality === 'Fresh';
    });
    expect(client.breakerState()).toBe('Closed');
  });
});

async function untilAnswering(client: PrometheusClient, server: LeashedProcess): Promise<void> {
  const probe = async (): Promise<boolean> => (await client.instant({ query: 'vector(1)' })).ok;
  await untilReady('prometheus with a low limit', probe, { timeoutMs: MINUTE, alive: [server] });
}

async function forward(url: string, path: string, form: URLSearchParams): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await request(url + path, { method: 'POST', headers, body: form.toString() });
  return response.body.text();
}

function twice(body: string): string {
  const answer = JSON.parse(body) as { data: { result: unknown[] } };
  answer.data.result = [...answer.data.result, ...answer.data.result];
  return JSON.stringify(answer);
}
