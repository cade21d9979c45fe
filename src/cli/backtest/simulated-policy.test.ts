import { policySpecSchema, type PolicySpec } from '../../api/policy-spec.ts';
import { InputError } from '../verb.ts';
import { simulationConfig } from './config.ts';
import { capacityFor, simplificationsOf, simulatedSpec, type TriedPolicy } from './simulated-policy.ts';

const utilization = { type: 'Utilization', averageUtilization: 70 };
const cpu = (target: object): object => ({ type: 'Resource', resource: { name: 'cpu', target } });
const requests = {
  type: 'Prometheus',
  prometheus: {
    name: 'requests-per-second',
    query: 'sum(rate(http_requests_total[2m]))',
    target: { type: 'AverageValue', averageValue: '70' },
  },
};

function policy(metrics: object[], fields: object = {}): TriedPolicy {
  const spec = policySpecSchema.parse({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics,
    horizontal: { minReplicas: 2, maxReplicas: 30 },
    ...fields,
  });
  return { source: 'policy shop/web', namespace: 'shop', spec };
}

describe('the capacity of a replica', () => {
  test.each([
    ['is what was given', policy([requests]), 100, 100],
    ['is what was given, also for CPU', { ...policy([cpu(utilization)]), replicaCores: 0.5 }, 2, 2],
    ["is the target's CPU request", { ...policy([cpu(utilization)]), replicaCores: 0.5 }, undefined, 0.5],
  ])('%s', (_, tried, given, expected) => {
    expect(capacityFor(tried, given)).toBe(expected);
  });

  test.each([
    [
      policy([requests]),
      undefined,
      "how many units of 'requests-per-second' one replica serves at its limit",
    ],
    [policy([requests]), 'auto' as const, 'so say with --replica-capacity'],
    [policy([cpu(utilization)]), undefined, 'how many CPU cores one replica serves at its limit'],
    [
      policy([{ type: 'Resource', resource: { name: 'memory', target: utilization } }]),
      1,
      'spec.metrics[0] is memory, which is no load that replicas share; put the metric of the load first',
    ],
  ])('is asked for where it is not known: %#', (tried, given, message) => {
    const tryIt = (): unknown => simulatedSpec(tried, capacityFor(tried, given), 10);
    expect(tryIt).toThrow(InputError);
    expect(tryIt).toThrow(`policy shop/web: `);
    expect(tryIt).toThrow(message);
  });
});

describe('a policy in the simulated world', () => {
  const metricOf = ({ metrics }: PolicySpec): unknown =>
    metrics[0]?.prometheus?.target ?? metrics[0]?.resource?.target;

  test.each([
    // A replica serves 100 units, and 10 requests per second in the simulation: 70 units are 7.
    ['a query', requests, 100, { type: 'AverageValue', averageValue: '7' }],
    ['utilisation', cpu(utilization), 0.5, utilization],
    // Half a core is the whole replica, which has one core in the simulation.
    [
      'an amount of CPU',
      cpu({ type: 'AverageValue', averageValue: '250m' }),
      0.5,
      { type: 'AverageValue', averageValue: '500m' },
    ],
  ])('has its first metric in units of that world: %s', (_, metric, capacity, expected) => {
    const spec = simulatedSpec(
      policy([metric, { type: 'Resource', resource: { name: 'memory', target: utilization } }]),
      capacity,
      10,
    );
    expect(metricOf(spec)).toEqual(expected);
    expect(spec.metrics).toHaveLength(1);
  });

  test('brings its bounds, start-up time and objective; the command line goes before it', () => {
    const objective = {
      targetPercent: 99,
      indicators: [{ name: 'p99', query: 'sum(x)', threshold: '300m' }],
    };
    const tried = policy([requests], { forecast: { startupSeconds: 45 }, objective });
    expect(simulationConfig({ replicaCapacity: 100 }, tried)).toMatchObject({
      bounds: { minReplicas: 2, maxReplicas: 30 },
      startup: { medianSeconds: 45 },
      objective: { waitSeconds: 0.3, slowShare: 0.01 },
      demand: { replicaCapacity: 100 },
    });
    const flags = { replicaCapacity: 100, maxReplicas: 9, startupSeconds: 20, slowShare: 0.05 };
    expect(simulationConfig(flags, tried)).toMatchObject({
      bounds: { minReplicas: 2, maxReplicas: 9 },
      startup: { medianSeconds: 20 },
      objective: { slowShare: 0.05 },
    });
  });

  test('refuses bounds that cross', () => {
    const tried = policy([requests]);
    expect(() => simulationConfig({ replicaCapacity: 100, maxReplicas: 1 }, tried)).toThrow(
      '--min-replicas must not be above --max-replicas, found 2 and 1',
    );
  });
});

describe('a policy about requests', () => {
  const totalQuery = requests.prometheus.query;
  const about = (fields: object): object => ({ objective: { requests: { totalQuery, ...fields } } });
  const full = { perReplica: '50', latencyThreshold: '300m', concurrency: 4, goodPercent: '99.5' };

  test('makes the world serve at its rate, with its objective', () => {
    expect(simulationConfig({}, policy([], about(full)))).toMatchObject({
      service: { requestsPerSecond: 50 },
      demand: { replicaCapacity: 50 },
      // Of 300 ms, the work on a request takes 4 ÷ 50.
      objective: { waitSeconds: 0.3 - 0.08, slowShare: 0.005 },
    });
  });

  test('gives way to the command line', () => {
    const flags = { replicaCapacity: 40, waitSeconds: 1, slowShare: 0.05 };
    expect(simulationConfig(flags, policy([], about(full)))).toMatchObject({
      service: { requestsPerSecond: 40 },
      objective: { waitSeconds: 1, slowShare: 0.05 },
    });
  });

  test('is followed with one request at a time and the same wait, and the result says so', () => {
    const tried = policy([cpu(utilization), requests], about(full));
    const { objective, metrics } = simulatedSpec(tried, 50, 50);
    expect(objective?.requests).toMatchObject({
      concurrency: 1,
      perReplica: '50',
      latencyThreshold: '240m',
      goodPercent: '99.5',
    });
    // Of its metrics the one on the same requests, in the same units.
    expect(metrics).toEqual([tried.spec.metrics[1]]);
    expect(simplificationsOf(tried)).toEqual([
      expect.stringContaining('works on 4 requests at the same time'),
      'Metrics of the policy that were not replayed: cpu.',
    ]);
  });

  test('has nothing to explain when the simulated world is as it says', () => {
    expect(simplificationsOf(policy([], about({ perReplica: '50' })))).toEqual([]);
  });

  test.each([
    [about({}), undefined, 'spec.objective.requests.perReplica is not set, and its bounds are numbers of'],
    [about({}), undefined, 'say with --replica-capacity how many requests per second one replica completes'],
    [about(full), 'auto' as const, "how many units of 'objective.requests' one replica serves at its limit"],
    [
      about({ perReplica: '2', latencyThreshold: '500m' }),
      undefined,
      'latencyThreshold is 500m seconds, and the work on one request alone takes concurrency ÷ perReplica = 500m; raise',
    ],
  ])('is refused where the world cannot be told from it: %#', (fields, replicaCapacity, message) => {
    const given = replicaCapacity === undefined ? {} : { replicaCapacity };
    const tryIt = (): unknown => simulationConfig(given, policy([], fields));
    expect(tryIt).toThrow(InputError);
    expect(tryIt).toThrow(message);
  });
});
