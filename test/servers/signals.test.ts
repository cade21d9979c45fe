import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { exposition } from '../../hack/world/exposition.ts';
import { workloadSamples } from '../../hack/world/series.ts';
import { testPod } from '../../hack/world/test-pods.ts';
import { Workload } from '../../hack/world/workload.ts';
import { PrometheusClient } from '../../src/adapters/prometheus/client.ts';
import { prometheusOptionsSchema } from '../../src/adapters/prometheus/options.ts';
import { SignalMetrics } from '../../src/adapters/prometheus/signal-metrics.ts';
import type { MeasuredSignal } from '../../src/loop/monitor/signals.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { startHttpFixture, type HttpFixture } from '../support/http-fixture.ts';
import { waitFor } from '../support/wait-for.ts';

/** Long enough for a build of the tools on a machine that has none. */
const START_TIMEOUT_MS = 1_800_000;

/** Two pods of one core each: 15 requests per second are more than they serve without a queue. */
const pods = [testPod('web-abc-1'), testPod('web-abc-2')];
/** A pod without a limit, which has no CFS series. */
const unlimited = testPod('free-abc-1', {
  workload: 'free',
  containers: [{ name: 'app', image: 'free:1', requests: { cpu: 1 }, limits: {}, restarts: 0 }],
});

const startedAt = Date.now();
/** Seconds of rate(). */
const WINDOW = 6;

let directory: string;
let target: HttpFixture;
let prometheus: PrometheusServer;
let client: PrometheusClient;
let firstScrapeAt = Infinity;
let signals: SignalMetrics;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-signals-'));
  const web = new Workload({ namespace: 'shop', name: 'web', demand: () => 15 });
  const free = new Workload({ namespace: 'shop', name: 'free', demand: () => 1 });
  const random = seededRandom(1);
  let lived = startedAt;
  // Each scrape lives through the time before it, so that rates are those of the physics whenever scrapes come.
  target = await startHttpFixture((_request, response) => {
    const now = Date.now();
    const seconds = (now - lived) / 1000;
    lived = now;
    firstScrapeAt = Math.min(firstScrapeAt, now);
    web.advance(pods, { demand: 15, seconds }, random);
    free.advance([unlimited], { demand: 1, seconds }, random);
    const cluster = { pods: [...pods, unlimited], scales: [], nodes: [] };
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    const samples = [web, free].flatMap((workload) => workloadSamples(workload, cluster));
    response.end(`${exposition(samples)}${traffic((now - startedAt) / 1000)}`);
  });
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [{ job: 'world', port: Number.parseInt(new URL(target.url).port, 10) }],
    scrapeIntervalSeconds: 1,
    history: [],
  });
  const options = prometheusOptionsSchema.parse({
    url: prometheus.url,
    scrapeIntervalSeconds: 1,
    rateWindowSeconds: WINDOW,
  });
  client = new PrometheusClient(options, { now: Date.now, random: Math.random });
  signals = new SignalMetrics(client, options, Date.now);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await client.close();
  await prometheus.stop();
  await target.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A pod's traffic as cAdvisor has it with containerd: of the pod and not of a container; twice, as with two scrape jobs; and loopback. */
function traffic(seconds: number): string {
  const line = (labels: string, perSecond: number): string =>
    `shop_network_total{namespace="shop",pod="net-abc-1",container="",${labels}} ${perSecond * seconds}`;
  const lines = [
    line('interface="eth0",id="/a"', 1000),
    line('interface="eth0",id="/b"', 1000),
    line('interface="eth1",id="/a"', 500),
    line('interface="lo",id="/a"', 9e9),
  ];
  return ['container_network_receive_bytes_total', 'container_network_transmit_bytes_total']
    .map((name) => `# TYPE ${name} counter\n${lines.join('\n').replaceAll('shop_network_total', name)}\n`)
    .join('');
}

function value(signal: MeasuredSignal, pod: string): number {
  const reading = signals.latest.of(signal, 'shop', pod, Date.now());
  return reading.quality === 'Fresh' ? reading.value : NaN;
}

test('the signals of a workload come from the series of cAdvisor', async () => {
  await waitFor('rates over a whole window', async () => {
    await signals.refresh(['other', 'shop']);
    const read = [value('cpuThrottledShare', 'web-abc-1'), value('networkReceiveBytes', 'net-abc-1')];
    const whole = Date.now() - firstScrapeAt > 2000 * WINDOW;
    return whole && read.every((each) => each > 0) && value('cpuCores', 'free-abc-1') > 0;
  });
  // Three quarters of two cores are busy; how long requests wait is Erlang's to say, and they do.
  expect(value('cpuCores', 'web-abc-1')).toBeGreaterThan(0.4);
  expect(value('cpuCores', 'web-abc-1')).toBeLessThan(1.2);
  expect(value('cpuThrottledShare', 'web-abc-1')).toBeLessThan(1);
  expect(value('memoryBytes', 'web-abc-1')).toBeGreaterThan(1e6);
  expect(value('networkReceiveBytes', 'web-abc-1')).toBeGreaterThan(0);
  // 1500 bytes per second; a late scrape and a lost one leave room.
  expect(value('networkReceiveBytes', 'net-abc-1')).toBeGreaterThan(1000);
  expect(value('networkReceiveBytes', 'net-abc-1')).toBeLessThan(2250);
  expect(value('networkTransmitBytes', 'net-abc-1')).toBeGreaterThan(1000);
});

test('what has no series is Missing, and not zero', () => {
  const now = Date.now();
  expect(signals.latest.of('cpuThrottledShare', 'shop', 'free-abc-1', now)).toMatchObject({
    quality: 'Missing',
    reason: 'NoData',
  });
  expect(signals.latest.of('networkReceiveBytes', 'shop', 'nobody-abc-1', now)).toMatchObject({
    reason: 'NoData',
  });
  expect(signals.latest.of('cpuCores', 'other', 'web-abc-1', now)).toMatchObject({ reason: 'NoData' });
});
