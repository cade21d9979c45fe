import fc from 'fast-check';
import { probabilityOfWaitBeyond } from '../erlang-c.ts';
import { exactSlowShare, serviceModel, slowShareOf, type ServiceModel } from './service-model.ts';

const SINGLE: ServiceModel = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };

const terms = { requestsPerSecond: 10, concurrency: 1, latencySeconds: 0.5 };

describe('the model of a service', () => {
  test.each([
    ['takes the work from the latency', { concurrency: 1 }, 0.4, 1],
    ['gives each of four workers a quarter of the capacity', { concurrency: 4 }, 0.1, 4],
    ['allows no wait where the work alone is too long', { concurrency: 8 }, 0, 8],
    ['has no part of a worker', { concurrency: 2.9 }, 0.3, 2],
  ])('%s', (_name, change, waitSeconds, concurrency) => {
    const model = serviceModel({ ...terms, ...change });
    expect(model).toEqual({
      requestsPerSecond: 10,
      concurrency,
      waitSeconds: expect.closeTo(waitSeconds, 12) as number,
    });
  });

  test.each([
    ['an unknown capacity', { requestsPerSecond: NaN }],
    ['no capacity', { requestsPerSecond: 0 }],
    ['an endless capacity', { requestsPerSecond: Infinity }],
    ['no workers', { concurrency: 0 }],
    ['endless workers', { concurrency: Infinity }],
    ['an unknown latency', { latencySeconds: NaN }],
  ])('is not made of %s', (_name, change) => {
    expect(serviceModel({ ...terms, ...change })).toBeUndefined();
  });
});

describe.each([
  ['exact', exactSlowShare, 1e-12],
  ['tabulated', slowShareOf, 1e-4],
])('the %s share of slow requests', (_name, share, precision) => {
  test.each<[string, readonly [number, number], ServiceModel, number]>([
    ['of one replica is ρ·e^−(μ−λ)t', [1, 6], SINGLE, 0.6 * Math.exp(-4 * 0.3)],
    ['of three with a load of two is 4/9·e^−(3μ−λ)t', [3, 20], SINGLE, (4 / 9) * Math.exp(-10 * 0.3)],
    [
      'of one with two workers is C(2, 1)·e^−(μ−λ)t',
      [1, 5],
      { ...SINGLE, concurrency: 2 },
      Math.exp(-1.5) / 3,
    ],
    [
      'is the share that waits at all where no wait is allowed',
      [2, 10],
      { ...SINGLE, waitSeconds: 0 },
      1 / 3,
    ],
    ['is nothing without requests', [3, 0], SINGLE, 0],
    ['is everything at capacity', [3, 30], SINGLE, 1],
    ['is everything beyond it', [3, 1e308], SINGLE, 1],
  ])('%s', (_case, [replicas, demand], service, expected) => {
    expect(Math.abs(share(replicas, demand, service) - expected)).toBeLessThan(precision);
  });

  test('of replicas with k workers is that of a queue with k times as many servers', () => {
    for (const concurrency of [1, 3, 16, 200]) {
      const service = { requestsPerSecond: 40, concurrency, waitSeconds: 0.01 };
      const station = { arrivalRate: 181, serviceRate: 40 / concurrency, servers: 5 * concurrency };
      const expected = probabilityOfWaitBeyond(station, 0.01);
      expect(Math.abs(share(5, 181, service) - expected)).toBeLessThan(Math.max(precision, 1e-8));
    }
  });

  test('is a share, falls with replicas and rises with demand', () => {
    const inputs = fc.record({
      replicas: fc.integer({ min: 1, max: 400 }),
      utilization: fc.double({ min: 0, max: 1.2, noNaN: true }),
      more: fc.double({ min: 1, max: 2, noNaN: true }),
      service: fc.record({
        requestsPerSecond: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        concurrency: fc.integer({ min: 1, max: 300 }),
        waitSeconds: fc.double({ min: 0, max: 30, noNaN: true }),
      }),
    });
    fc.assert(
      fc.property(inputs, ({ replicas, utilization, more, service }) => {
        const demand = replicas * utilization * service.requestsPerSecond;
        const here = share(replicas, demand, service);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1);
        // Between two rows of the table its straight lines may cross by as much as they are off.
        expect(share(replicas + 1, demand, service)).toBeLessThanOrEqual(here + precision);
        expect(share(replicas, demand * more, service)).toBeGreaterThanOrEqual(here - 1e-9);
      }),
      { numRuns: 400 },
    );
  });
});
