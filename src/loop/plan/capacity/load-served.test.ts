import fc from 'fast-check';
import { loadServed } from './load-served.ts';
import { replicasServing } from './replicas-serving.ts';
import { serviceModel } from './service-model.ts';

const service = serviceModel({ requestsPerSecond: 50, concurrency: 1, latencySeconds: 0.5 })!;

describe('the load that each of some replicas serves within the objective', () => {
  test.each([
    ['one', 1],
    ['ten', 10],
    ['a thousand', 1000],
  ])('is one that as many replicas serve and a little more is not: %s', (_, replicas) => {
    const load = loadServed(replicas, service, 0.01);
    expect(replicasServing(replicas * load, service, 0.01)).toBe(replicas);
    expect(replicasServing(replicas * load * 1.001, service, 0.01)).toBe(replicas + 1);
  });

  test('grows with the replicas that share the line, and stays below what they can complete', () => {
    const loads = [1, 2, 5, 20, 100].map((replicas) => loadServed(replicas, service, 0.01));
    expect(loads).toEqual([...loads].sort((a, b) => a - b));
    expect(loads.every((load) => load > 0 && load < 50)).toBe(true);
  });

  test('is that of one replica when there is none', () => {
    expect(loadServed(0, service, 0.01)).toBe(loadServed(1, service, 0.01));
  });

  test('is between nothing and the capacity, whatever is accepted', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    const property = fc.property(fc.integer({ min: 0, max: 5000 }), shares, (replicas, slowShare) => {
      const load = loadServed(replicas, service, slowShare);
      expect(load).toBeGreaterThanOrEqual(0);
      expect(load).toBeLessThanOrEqual(50);
    });
    fc.assert(property);
  });
});
