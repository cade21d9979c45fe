import fc from 'fast-check';
import type { LearnedCapacity } from './learned-capacity.ts';
import { replicaCapacity, serviceRateOf, type CapacityInputs } from './replica-capacity.ts';
import { replicasServing } from './replicas-serving.ts';
import { exactSlowShare } from './service-model.ts';

const evidence = { observations: 500, highestLoad: 60, badShareAtHighest: 0.04, badShareAtLowest: 0 };
const measured: LearnedCapacity = {
  known: true,
  loadPerReplica: 45,
  replicas: 8,
  bound: 'Measured',
  evidence,
};
const atLeast: LearnedCapacity = {
  ...measured,
  bound: 'AtLeast',
  evidence: { ...evidence, highestLoad: 42, badShareAtHighest: 0 },
};
const nothing: LearnedCapacity = {
  known: false,
  reason: 'NoEvidence',
  evidence: { observations: 0, highestLoad: 0, badShareAtHighest: 0, badShareAtLowest: 0 },
};
const elsewhere: LearnedCapacity = {
  known: false,
  reason: 'NotFromLoad',
  evidence: { ...evidence, badShareAtLowest: 0.03 },
};

const inputs = (change: Partial<CapacityInputs> = {}): CapacityInputs => ({
  terms: { concurrency: 1, latencySeconds: 0.3 },
  slowShare: 0.01,
  specified: undefined,
  learned: nothing,
  targetLoad: undefined,
  readyReplicas: 4,
  ...change,
});

describe('the capacity of a replica', () => {
  test.each<[string, Partial<CapacityInputs>, string, RegExp]>([
    [
      'is what the policy says',
      { specified: 50, learned: measured },
      'Specified',
      /50 requests\/s, as the policy says$/,
    ],
    [
      'is that too when the past contradicts it',
      { specified: 90, learned: measured },
      'Specified',
      /lower spec\.objective\.requests\.perReplica/,
    ],
    [
      'is that too when the past did better',
      { specified: 30, learned: atLeast },
      'Specified',
      /raise spec\.objective\.requests\.perReplica/,
    ],
    [
      'is what the past has shown',
      { learned: measured, targetLoad: 100 },
      'Measured',
      /carries 45 requests\/s .* at 60 4 % were bad \(500 observations\)/,
    ],
    [
      'is the target of the metric before a limit was seen',
      { learned: atLeast, targetLoad: 100 },
      'MetricTarget',
      /100 requests\/s, the metric's target/,
    ],
    ['is the target before anything was seen', { targetLoad: 20 }, 'MetricTarget', /20 requests\/s/],
    [
      'is more than the target once more went well',
      { learned: atLeast, targetLoad: 20 },
      'AtLeast',
      /at least 45 requests\/s: 42 were served/,
    ],
    ['is at least what went well', { learned: atLeast }, 'AtLeast', /more was not seen/],
  ])('%s', (_name, change, source, message) => {
    const capacity = replicaCapacity(inputs(change));
    expect(capacity).toMatchObject({ known: true, source });
    expect(capacity.message).toMatch(message);
  });

  test.each<[string, Partial<CapacityInputs>, RegExp]>([
    ['nothing was seen', {}, /set spec\.objective\.requests\.perReplica/],
    [
      'load does not explain the bad requests',
      { learned: elsewhere },
      /3 % of the requests were bad at the lowest loads/,
    ],
    [
      'the latency is no number',
      { specified: 50, terms: { concurrency: 1, latencySeconds: NaN } },
      /no queue/,
    ],
  ])('is unknown when %s', (_name, change, message) => {
    const capacity = replicaCapacity(inputs(change));
    expect(capacity.known).toBe(false);
    expect(capacity.message).toMatch(message);
  });

  test('gives as many replicas at the load that was seen as there were', () => {
    for (const replicas of [2, 8, 40]) {
      const capacity = replicaCapacity(inputs({ learned: { ...measured, replicas } }));
      if (!capacity.known) throw new Error(capacity.message);
      expect(replicasServing(replicas * 45 * 0.9999, capacity.service, 0.01)).toBe(replicas);
      // Twice the load on a larger pool takes less than twice as many.
      expect(replicasServing(2 * replicas * 45, capacity.service, 0.01)).toBeLessThanOrEqual(2 * replicas);
    }
  });

  test('does not believe a load to be less than two thirds of the capacity', () => {
    const strict = { terms: { concurrency: 1, latencySeconds: 0 }, slowShare: 0.01 };
    expect(serviceRateOf(10, 1, strict)).toBeCloseTo(15, 9);
  });

  test('of the queue has the accepted share of slow requests at the load, unless that takes too much', () => {
    const anything = fc.record({
      load: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      replicas: fc.double({ min: 0.6, max: 300, noNaN: true }),
      concurrency: fc.integer({ min: 1, max: 32 }),
      latencySeconds: fc.double({ min: 0, max: 10, noNaN: true }),
      slowShare: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
    });
    fc.assert(
      fc.property(anything, ({ load, replicas, concurrency, latencySeconds, slowShare }) => {
        const terms = { concurrency, latencySeconds };
        const rate = serviceRateOf(load, replicas, { terms, slowShare });
        expect(rate).toBeGreaterThanOrEqual(load);
        expect(rate).toBeLessThanOrEqual(1.5 * load * (1 + 1e-12));
        if (rate > 1.499 * load) return;
        const servers = Math.max(1, Math.round(replicas));
        const service = {
          requestsPerSecond: rate,
          concurrency,
          waitSeconds: Math.max(0, latencySeconds - concurrency / rate),
        };
        expect(exactSlowShare(servers, servers * load, service)).toBeLessThanOrEqual(slowShare);
      }),
      { numRuns: 200 },
    );
  });
});
