import { policySpecSchema, type PolicySpec } from '../../api/policy-spec.ts';
import { InputError } from '../verb.ts';
import { simulationConfig } from './config.ts';
import { capacityFor, simulatedSpec, type TriedPolicy } from './simulated-policy.ts';

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
