import type { Fault } from '../../hack/world/faults.ts';
import type { PrometheusFaultName } from '../faults/prometheus-proxy.ts';
import { replicasSent } from '../oracle/questions.ts';
import { BadInputBench } from '../support/bad-input-bench.ts';
import { apply, waitFor } from '../support/cluster.ts';
import { demandQuery } from '../support/dial.ts';
import { policy, prometheusMetric, workload } from '../support/manifests.ts';

/** Replicas before a fault, and what the demand would ask for during the fault if it could be told. */
// One replica fewer each: that many workloads which want far fewer at once are taken for an outage of the metrics.
const MANY = 3;
const FEW = 2;
/** Of a Prometheus that does not answer: the operator asks one query at a time then. */
const TRIALS = 3;

/** A fault of one workload's series or of the answers about it; the others go on. */
interface OwnFault {
  readonly app: string;
  readonly reason: string;
  readonly message: RegExp;
  readonly begin: () => void;
  readonly end: () => void;
}

let bench: BadInputBench;

const exporter = (app: string, fault: Fault, reason: string, message: RegExp): OwnFault => ({
  app,
  reason,
  message,
  begin: () => bench.dial.inject(bench.namespace, app, fault),
  end: () => bench.dial.clear(bench.namespace, app),
});
const answered = (app: string, fault: PrometheusFaultName, reason: string, message: RegExp): OwnFault => ({
  app,
  reason,
  message,
  begin: () => bench.proxy.spoil(fault, app),
  end: () => bench.proxy.mend(app),
});

const OWN_FAULTS: readonly OwnFault[] = [
  exporter('silent', 'Silent', 'NoData', /answers no series/),
  exporter('nan', 'NotANumber', 'NotANumber', /value is NaN/),
  exporter('infinite', 'Infinite', 'NotANumber', /value is Infinity/),
  exporter('negative', 'Negative', 'NotANumber', /is negative/),
  exporter('duplicated', 'Duplicated', 'QueryFailed', /answers 2 series, wanted is one: .*exporter_replica/),
  answered('empty', 'no series', 'NoData', /answers no series/),
  answered('huge', '50 MB', 'QueryFailed', /exceeds 5000000 bytes: aggregate in the query/),
  answered('partial', 'a warning', 'PartialAnswer', /Prometheus warns: store gateway 2 of 3 is not there/),
];

const OWN = OWN_FAULTS.map(({ app }) => app);

/** Faults of the whole of Prometheus, and what the policy says of them. Each workload changes its direction but once. */
const PROMETHEUS_FAULTS: readonly (readonly [PrometheusFaultName, string, RegExp])[] = [
  ['down', 'dark-1', /the request failed: /],
  ['status 500', 'dark-2', /answered with status 500/],
  ['HTML', 'dark-3', /not a JSON object, it begins with "<!doctype html>/],
  ['truncated', 'dark-4', /not a JSON object, it begins with "\{/],
  ['cut', 'dark-5', /the request failed: /],
  ['the same series twice', 'dark-6', /series \{.*\} comes twice/],
];
const KILLED = 'dark-7';

beforeAll(async () => {
  bench = await BadInputBench.open();
  const dark = [...PROMETHEUS_FAULTS.map(([, app]) => app), KILLED];
  const others = ['typo', 'reborn-1', 'reborn-2', 'shared', 'manual', 'suspended'];
  await bench.deploy([...OWN, ...dark, ...others], MANY);
});

afterAll(() => bench.close());

/** The operator's changes that reached the workload, with the times of the server. */
async function sent(name: string): Promise<{ replicas: unknown; at: number }[]> {
  return (await bench.changes(name)).map((write) => ({ replicas: replicasSent(write).at(-1), at: write.at }));
}

test('no fault of a metric lowers the replicas: each is named, and when it is over the decrease follows', async () => {
  await Promise.all(OWN.map((app) => bench.condition(app, 'MetricsAvailable', 'True', 'Fresh')));
  for (const { begin } of OWN_FAULTS) begin();
  await bench.rounds();
  for (const app of OWN) bench.want(app, FEW);
  for (const { app, reason, message } of OWN_FAULTS) {
    const condition = await bench.condition(app, 'MetricsAvailable', 'False', reason);
    expect(condition.message).toMatch(message);
  }
  await bench.rounds();
  for (const app of OWN) expect([app, await bench.replicas(app)]).toEqual([app, MANY]);

  const endedAt = Date.now();
  for (const { end } of OWN_FAULTS) end();
  for (const app of OWN) {
    await bench.scaledTo(app, FEW);
    await bench.condition(app, 'MetricsAvailable', 'True', 'Fresh');
    const all = await sent(app);
    expect([app, all.map(({ replicas }) => replicas)]).toEqual([app, [FEW]]);
    expect(all[0]?.at).toBeGreaterThanOrEqual(endedAt);
  }
});

test('a sample of two minutes ago lowers nothing; a new one does', async () => {
  bench.dial.want(bench.namespace, 'stale', FEW, Date.now() - 120_000);
  await apply([workload(bench.named('stale'), { replicas: MANY }), policy(bench.named('stale'))]);
  const condition = await bench.condition('stale', 'MetricsAvailable', 'False', 'Stale');
  expect(condition.message).toMatch(/demand is stale since \d{4}-/);
  await bench.rounds();
  expect(await bench.replicas('stale')).toBe(MANY);
  bench.want('stale', FEW);
  await bench.scaledTo('stale', FEW);
});

test('a query that only Prometheus can refuse holds the replicas with its reason', async () => {
  bench.want('refused', FEW);
  const metrics = [prometheusMetric(`rate(${demandQuery('refused')})`)];
  await apply([
    workload(bench.named('refused'), { replicas: MANY }),
    policy(bench.named('refused'), { metrics }),
  ]);
  const condition = await bench.condition('refused', 'MetricsAvailable', 'False', 'QueryFailed');
  expect(condition.message).toMatch(/bad_data.*expected type range vector/);
  await bench.rounds();
  expect(await bench.replicas('refused')).toBe(MANY);
  await apply(policy(bench.named('refused')));
  await bench.scaledTo('refused', FEW);
});

describe('Prometheus as a whole', () => {
  afterEach(() => bench.proxy.mend());

  async function heldUntil(app: string, message: RegExp, end: () => void | Promise<void>): Promise<void> {
    bench.want(app, FEW);
    const said = await bench.condition(app, 'MetricsAvailable', 'False', 'PrometheusUnreachable');
    expect(said.message).toMatch(message);
    await bench.condition(app, 'Degraded', 'True', 'PrometheusUnreachable');
    await bench.condition(app, 'Ready', 'False', 'MetricsUnavailable');
    const { asked } = bench.proxy;
    await waitFor('further trials', () => bench.proxy.asked >= asked + TRIALS);
    expect(await bench.replicas(app)).toBe(MANY);

    const endedAt = Date.now();
    await end();
    await bench.scaledTo(app, FEW);
    await bench.condition(app, 'Degraded', 'False', 'AsExpected');
    const all = await sent(app);
    expect(all.map(({ replicas }) => replicas)).toEqual([FEW]);
    expect(all[0]?.at).toBeGreaterThanOrEqual(endedAt);
  }

  test.each(PROMETHEUS_FAULTS)(
    '%s: the replicas are held with the reason, and follow when it is over',
    async (fault, app, message) => {
      await bench.condition(app, 'MetricsAvailable', 'True', 'Fresh');
      bench.proxy.spoil(fault);
      await heldUntil(app, message, () => bench.proxy.mend());
    },
  );

  test('killed: the replicas are held, and follow when it was started again', async () => {
    await bench.condition(KILLED, 'MetricsAvailable', 'True', 'Fresh');
    bench.prometheus.signal('SIGKILL');
    await heldUntil(KILLED, /the request failed: /, () => bench.prometheus.restart());
  });
});

test('PromQL that does not parse is named with its field; mended, the policy goes on, and others never stop', async () => {
  await bench.condition('typo', 'Ready', 'True', 'Operating');
  await apply(policy(bench.named('typo'), { metrics: [prometheusMetric('sum(demand{app="typo"}')] }));
  const { message } = await bench.condition('typo', 'Ready', 'False', 'InvalidSpec');
  expect(message).toBe(
    'spec.metrics[0].prometheus.query: line 1, column 23: the query ends too early: something is not closed',
  );
  await bench.condition('typo', 'ActionSuspended', 'True', 'InvalidSpec');
  bench.want('typo', FEW);
  await bench.rounds();
  expect(await bench.replicas('typo')).toBe(MANY);
  await apply(policy(bench.named('typo')));
  await bench.condition('typo', 'Ready', 'True', 'Operating');
  await bench.scaledTo('typo', FEW);
});

test('a target that is not there is waited for', async () => {
  bench.want('late', FEW);
  await apply(policy(bench.named('late')));
  const { message } = await bench.condition('late', 'TargetResolved', 'False', 'NotFound');
  expect(message).toBe(`Deployment/late is not in namespace ${bench.namespace}`);
  await bench.condition('late', 'Ready', 'False', 'TargetUnavailable');
  await apply(workload(bench.named('late'), { replicas: MANY }));
  await bench.condition('late', 'TargetResolved', 'True', 'Resolved');
  await bench.scaledTo('late', FEW);
});

test.each([
  ['and its absence was seen', 'reborn-1', true],
  ['at once', 'reborn-2', false],
])(
  'a target made again under its name, %s, is a new one: no action is carried over',
  async (_, name, seen) => {
    bench.want(name, FEW);
    await bench.scaledTo(name, FEW);
    const object = JSON.stringify(workload(bench.named(name), { replicas: FEW }));
    if (seen) {
      await bench.kubectl(['delete', 'deployment', name]);
      await bench.condition(name, 'TargetResolved', 'False', 'NotFound');
      await bench.kubectl(['create', '-f', '-'], object);
    } else {
      await bench.kubectl(['replace', '--force', '-f', '-'], object);
    }
    await bench.rounds();
    await bench.condition(name, 'TargetResolved', 'True', 'Resolved');
    // Nobody changed the replicas: the workload is another one.
    await bench.condition(name, 'ActionSuspended', 'False', 'Acting');
    expect((await sent(name)).map(({ replicas }) => replicas)).toEqual([FEW]);
    bench.want(name, MANY);
    await bench.scaledTo(name, MANY);
  },
);

test("an HPA's workload is left to it, with its name; without the HPA the policy acts", async () => {
  const hpa = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: bench.named('someone-elses'),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shared' },
      minReplicas: 1,
      maxReplicas: 10,
    },
  };
  await apply(hpa);
  const { message } = await bench.condition('shared', 'ActionSuspended', 'True', 'ConflictingAutoscaler');
  expect(message).toContain('HorizontalPodAutoscaler/someone-elses');
  bench.want('shared', FEW);
  await bench.rounds();
  expect(await sent('shared')).toEqual([]);
  await bench.kubectl(['delete', 'horizontalpodautoscaler', 'someone-elses']);
  await bench.scaledTo('shared', FEW);
  await bench.condition('shared', 'ActionSuspended', 'False', 'Acting');
});

test('kubectl scale is respected: both numbers are shown, and the replicas stay', async () => {
  await bench.condition('manual', 'Ready', 'True', 'Operating');
  await bench.kubectl(['scale', 'deployment/manual', '--replicas=9']);
  const { message } = await bench.condition('manual', 'ActionSuspended', 'True', 'ManualChange');
  expect(message).toContain(`kubectl changed the replicas from ${MANY} to 9 at `);
  bench.want('manual', FEW);
  await bench.rounds();
  expect(await bench.replicas('manual')).toBe(9);
  expect(await sent('manual')).toEqual([]);
});

test('while the annotation suspends a policy nothing is changed; without it the decrease follows', async () => {
  await bench.condition('suspended', 'Ready', 'True', 'Operating');
  const annotate = (value: string): Promise<string> =>
    bench.kubectl(['annotate', 'autonomicpolicies.autonomic.dev', 'suspended', value]);
  await annotate('autonomic.dev/suspend=true');
  const { message } = await bench.condition('suspended', 'ActionSuspended', 'True', 'SuspendedByAnnotation');
  expect(message).toContain('autonomic.dev/suspend');
  bench.want('suspended', FEW);
  await bench.rounds();
  expect(await sent('suspended')).toEqual([]);
  await annotate('autonomic.dev/suspend-');
  await bench.scaledTo('suspended', FEW);
  await bench.condition('suspended', 'ActionSuspended', 'False', 'Acting');
});
