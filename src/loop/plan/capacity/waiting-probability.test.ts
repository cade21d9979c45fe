import fc from 'fast-check';
import { probabilityOfWait } from '../erlang-c.ts';
import { waitingProbability } from './waiting-probability.ts';

describe('the probability of a wait at any size', () => {
  test.each([1, 12, 128])('of %d servers is the formula itself', (servers) => {
    for (const utilization of [0, 0.4, 0.97, 1, 3]) {
      const load = servers * utilization;
      expect(waitingProbability(servers, load)).toBe(probabilityOfWait(servers, load));
    }
  });

  test.each([129, 200, 513, 4000, 30_000])('of %d servers is within 1e-8 of the formula', (servers) => {
    // In standard deviations of the load below capacity: from hardly any room to hardly any wait.
    for (const spare of [1e-4, 0.03, 0.4, 1, 1.9, 2.1, 4, 7, 11]) {
      const load = servers - spare * Math.sqrt(servers);
      const exact = probabilityOfWait(servers, load);
      expect(Math.abs(waitingProbability(servers, load) / exact - 1)).toBeLessThan(1e-8);
    }
  });

  test.each([
    ['no load', 0, 0],
    ['hardly any load', 1e-300, 0],
    ['a tenth of its capacity', 100, 0],
    ['a load at its capacity', 1000, 1],
    ['an endless load', Infinity, 1],
  ])('of a thousand servers with %s is told', (_name, load, expected) => {
    expect(waitingProbability(1000, load)).toBe(expected);
  });

  test('falls with servers and rises with load, across the sizes where its method changes', () => {
    const load = fc.double({ min: 0, max: 700, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), load, (servers, offered) => {
        const here = waitingProbability(servers, offered);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1);
        expect(waitingProbability(servers + 1, offered)).toBeLessThanOrEqual(here + 1e-12);
        expect(waitingProbability(servers, offered + 0.1)).toBeGreaterThanOrEqual(here - 1e-12);
      }),
      { numRuns: 500 },
    );
  });
});
