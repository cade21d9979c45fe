import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus, type PrometheusServer } from '../../hack/controlplane/prometheus.ts';
import { Journal } from '../../src/adapters/journal/journal.ts';
import { policySpecSchema } from '../../src/api/policy-spec.ts';
import type { PolicyStatus } from '../../src/api/policy-status.ts';
import type { Announcement } from '../../src/controllers/policy/session-ports.ts';
import type { PodView } from '../../src/loop/monitor/observation.ts';
import { seededRandom } from '../../src/simulate/random.ts';
import { LiveController } from '../support/live/live-controller.ts';
import { WATCHED, writeWatchedPast, type WatchedPod } from '../support/live/watched-past.ts';

// Days pass in a minute: the clock is simulated, and Prometheus holds what was measured.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MIB = 2 ** 20;
const LIMIT = 512 * MIB;
const REPLICAS = 4;
const HISTORY_DAYS = 2;

/** Two days of the past, then a day; all of it lies in the past of Prometheus' own clock. */
const END = Math.floor(Date.now() / DAY) * DAY - HOUR;
const START = END - DAY;
const FROM = START - HISTORY_DAYS * DAY;

/** The pods that leak are not new when the policy is. */
const STARTED_AT = START - HOUR;
const LEAK_BYTES_PER_HOUR = 40 * MIB;
const USUAL_BYTES = 200 * MIB;
/** When a pod's memory is at its limit, noise aside. */
const FULL_AT = STARTED_AT + ((LIMIT - USUAL_BYTES) / LEAK_BYTES_PER_HOUR) * HOUR;
const REPLACED_AT = FULL_AT - 20 * MINUTE;

const usualMemory = (): number => USUAL_BYTES;
const podsOf = (hash: string, pod: Omit<WatchedPod, 'name'>): readonly WatchedPod[] =>
  ['b2b2b', 'c4c4c', 'd5d5d', 'f6f6f']
    .slice(0, REPLICAS)
    .map((id) => ({ name: `web-${hash}-${id}`, ...pod }));

const CALM = podsOf('7d7d7d7d7d', { createdAt: FROM, until: END, memory: usualMemory });
const LEAKY = [
  ...podsOf('5b5b5b5b5b', { createdAt: FROM, until: STARTED_AT, memory: usualMemory }),
  ...podsOf('6c6c6c6c6c', {
    createdAt: STARTED_AT,
    until: REPLACED_AT,
    memory: (at) => USUAL_BYTES + (LEAK_BYTES_PER_HOUR * (at - STARTED_AT)) / HOUR,
  }),
  ...podsOf('8f8f8f8f8f', { createdAt: REPLACED_AT, until: END, memory: usualMemory }),
];

let directory = '';
let prometheus: PrometheusServer;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'anomalies-accelerated-'));
  const files = await Promise.all(
    [CALM, LEAKY].map(async (pods, k) => {
      const file = join(directory, `past-${k}.om`);
      await writeWatchedPast(file, {
        namespace: namespaceOf(pods),
        from: FROM,
        until: END,
        pods,
        random: seededRandom(k + 1),
      });
      return file;
    }),
  );
  prometheus = await startPrometheus({
    dir: join(directory, 'prometheus'),
    scrape: [],
    scrapeIntervalSeconds: 60,
    history: files,
  });
}, 120_000);

afterAll(async () => {
  await prometheus.stop();
  await rm(directory, { recursive: true, force: true });
});

function namespaceOf(pods: readonly WatchedPod[]): string {
  return pods === CALM ? 'calm' : 'leaky';
}

interface Tick {
  readonly now: number;
  readonly anomalies: NonNullable<NonNullable<PolicyStatus['workloads']>[number]['anomalies']>;
  readonly announced: readonly Announcement[];
  readonly held: boolean;
}

/** The status after each tick of a minute, from the start on. */
async function* replay(pods: readonly WatchedPod[], until: number): AsyncGenerator<Tick> {
  const namespace = namespaceOf(pods);
  const journal = await Journal.open({ directory: join(directory, `journal-${namespace}`) });
  const time = { now: START, measured: START };
  const live = new LiveController({
    prometheusUrl: prometheus.url,
    scrapeIntervalSeconds: 60,
    namespace,
    spec: SPEC,
    replicas: REPLICAS,
    time,
    journal,
    tickSeconds: 60,
    historyDays: HISTORY_DAYS,
    signals: true,
  });
  try {
    for (let now = START; now < until; now += MINUTE) {
      time.now = now + 1000;
      time.measured = time.now;
      const seen = live.announced.length;
      await live.tick(pods.filter((pod) => pod.createdAt <= now && now < pod.until).map(podView), REPLICAS);
      if (now === START) await live.learned;
      const { workloads, conditions } = live.api.policy.status as PolicyStatus;
      const held = conditions?.find(({ type }) => type === 'ScaleDownHeld');
      yield {
        now,
        anomalies: workloads?.[0]?.anomalies ?? [],
        announced: live.announced.slice(seen),
        held: held?.status === 'True' && held.reason === 'AnomalyHold',
      };
    }
  } finally {
    await Promise.all([live.close(), journal.close()]);
  }
}

const SPEC = policySpecSchema.parse({
  targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  mode: 'Apply',
  observationSeconds: 0,
  horizontal: { minReplicas: REPLICAS, maxReplicas: REPLICAS },
  metrics: [
    {
      type: 'Prometheus',
      prometheus: {
        name: 'requests',
        query: WATCHED.requests,
        target: { type: 'AverageValue', averageValue: '50' },
      },
    },
  ],
  objective: { indicators: [{ name: 'latency-p99', query: WATCHED.latency, threshold: '500m' }] },
});

function podView({ name, createdAt }: WatchedPod): PodView {
  return {
    name,
    phase: 'Running',
    ready: true,
    createdAt,
    startedAt: createdAt,
    readyChangedAt: createdAt,
    deleting: false,
    requests: { cpu: 1, memory: LIMIT },
    limits: { cpu: 1, memory: LIMIT },
    restarts: 0,
  };
}

const detected = ({ announced }: Tick): readonly Announcement[] =>
  announced.filter(({ reason }) => reason === 'AnomalyDetected');

test('a leak is told of hours before the limit and when it will be reached, holds nothing, and is over with the pod', async () => {
  let first: Tick | undefined;
  let told: Announcement | undefined;
  const endings: number[] = [];
  let last: Tick | undefined;
  const over: Announcement[] = [];
  for await (const tick of replay(LEAKY, REPLACED_AT + 30 * MINUTE)) {
    const leak = tick.anomalies.find(({ kind }) => kind === 'Leak');
    if (leak !== undefined) {
      first ??= tick;
      endings.push(hoursIn(leak.message) * HOUR + tick.now);
      expect(leak).toMatchObject({ signal: 'memory', holds: false });
    }
    told ??= detected(tick).find(({ note }) => note.includes('Leak'));
    over.push(...tick.announced.filter(({ reason }) => reason === 'AnomalyOver'));
    if (tick.now < REPLACED_AT) expect(tick.held).toBe(false);
    last = tick;
  }
  expect(first?.now).toBeLessThan(FULL_AT - 3 * HOUR);
  expect(told?.note).toMatch(
    /^Leak .*: the memory of a pod grows by [\d.]+ MiB an hour and is at its limit in/,
  );
  const ahead = FULL_AT - (first?.now ?? NaN);
  expect(Math.abs((endings[0] ?? NaN) - FULL_AT)).toBeLessThan(0.25 * ahead);
  expect(last?.anomalies.filter(({ kind }) => kind === 'Leak')).toEqual([]);
  expect(over.map(({ note }) => note)).toContainEqual(expect.stringContaining('Leak of memory is over'));
}, 180_000);

function hoursIn(message: string): number {
  const [, amount, unit] = /is at its limit in ([\d.]+) (h|min)/.exec(message) ?? [];
  return unit === 'h' ? Number(amount) : Number(amount) / 60;
}

test('a quiet day after two that were learned raises no more alarms than a week may have, and holds nothing', async () => {
  const alarms: string[] = [];
  let ticks = 0;
  for await (const tick of replay(CALM, END)) {
    alarms.push(...detected(tick).map(({ note }) => note));
    expect(tick.held).toBe(false);
    ticks += 1;
  }
  expect(ticks).toBe(DAY / MINUTE);
  expect(alarms.length).toBeLessThanOrEqual(1);
}, 240_000);
