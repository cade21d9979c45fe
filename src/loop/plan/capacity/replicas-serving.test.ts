import fc from 'fast-check';
import { MAX_REPLICAS } from '../replica-arithmetic.ts';
import { replicasServing } from './replicas-serving.ts';
import { exactSlowShare, type ServiceModel } from './service-model.ts';

const SERVICE: ServiceModel = { requestsPerSecond: 10, concurrency: 1, waitSeconds: 0.3 };

describe('the replicas that serve a demand within its objective', () => {
  test.each<[string, number, number, number | undefined]>([
    ['need none without requests', 0, 0.01, 0],
    ['are one for a trickle', 1e-6, 0.01, 1],
    ['are one while ρ·e^−(μ−λ)t is within the objective', 0.2, 0.01, 1],
    // λ = 6: one replica has 18 %, two have C(2, 0.6)·e^−4.2 = 0.2 %.
    ['are two where one keeps too many waiting', 6, 0.01, 2],
    ['are one there if a fifth may wait', 6, 0.2, 1],
    ['bear an objective of nothing slow at all', 6, 0, 4],
    ['keep a line that ends where all may be slow', 100, 1, 11],
    ['are as many as the API can say for an absurd demand', 1e308, 0.01, MAX_REPLICAS],
    ['are as many for an endless one', Infinity, 0.01, MAX_REPLICAS],
    ['are unknown when the demand is', NaN, 0.01, undefined],
    ['are unknown for a demand below nothing', -1, 0.01, undefined],
    ['are unknown when the objective is', 5, NaN, undefined],
  ])('%s', (_name, demand, slowShare, expected) => {
    expect(replicasServing(demand, SERVICE, slowShare)).toBe(expected);
  });

  test('use large numbers better than small ones', () => {
    const utilization = (demand: number): number =>
      demand / (10 * (replicasServing(demand, SERVICE, 0.01) ?? 0));
    expect(utilization(6)).toBeLessThan(0.5);
    expect(utilization(60)).toBeGreaterThan(0.7);
    expect(utilization(6000)).toBeGreaterThan(0.97);
  });

  const service = fc.record({
    requestsPerSecond: fc.double({ min: 0.01, max: 1e4, noNaN: true }),
    concurrency: fc.integer({ min: 1, max: 200 }),
    waitSeconds: fc.double({ min: 0, max: 10, noNaN: true }),
  });
  const slowShare = fc.double({ min: 1e-4, max: 0.9, noNaN: true });

  test('are enough, and one fewer would not be', () => {
    const load = fc.double({ min: 1e-3, max: 2000, noNaN: true });
    fc.assert(
      fc.property(service, slowShare, load, (model, allowed, replicasOfLoad) => {
        const demand = replicasOfLoad * model.requestsPerSecond;
        const replicas = replicasServing(demand, model, allowed) ?? NaN;
        expect(exactSlowShare(replicas, demand, model)).toBeLessThanOrEqual(allowed);
        if (replicas > 1) expect(exactSlowShare(replicas - 1, demand, model)).toBeGreaterThan(allowed);
      }),
      { numRuns: 300 },
    );
  });

  test('never fall when demand rises or the objective is stricter', () => {
    const demand = fc.double({ min: 0, noNaN: true });
    fc.assert(
      fc.property(service, slowShare, demand, demand, (model, allowed, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        const here = replicasServing(less, model, allowed) ?? NaN;
        expect(Number.isSafeInteger(here)).toBe(true);
        expect(here).toBeLessThanOrEqual(MAX_REPLICAS);
        expect(replicasServing(more, model, allowed)).toBeGreaterThanOrEqual(here);
        expect(replicasServing(less, model, allowed / 2)).toBeGreaterThanOrEqual(here);
      }),
      { numRuns: 500 },
    );
  });
});
