import fc from 'fast-check';
import { meanWait, probabilityOfWait, probabilityOfWaitBeyond } from './erlang-c.ts';

/** The textbook sum, in logarithms so that it stands on its own for larger c too. */
function closedForm(servers: number, load: number): number {
  const logTerm = (k: number): number => {
    let log = 0;
    for (let i = 1; i <= k; i += 1) log += Math.log(load / i);
    return log;
  };
  const last = Math.exp(logTerm(servers)) / (1 - load / servers);
  let sum = last;
  for (let k = 0; k < servers; k += 1) sum += Math.exp(logTerm(k));
  return last / sum;
}

describe('the probability of a wait', () => {
  it('is the utilisation when there is one server', () => {
    for (const load of [0.01, 0.3, 0.5, 0.99]) expect(probabilityOfWait(1, load)).toBeCloseTo(load, 12);
  });

  it.each([
    [2, 1, 1 / 3],
    [2, 1.5, 9 / 14],
    [3, 2, 4 / 9],
  ])('with %d servers and a load of %d is %d', (servers, load, expected) => {
    expect(probabilityOfWait(servers, load)).toBeCloseTo(expected, 12);
  });

  it('equals the textbook sum', () => {
    for (const servers of [1, 2, 5, 17, 60]) {
      for (const utilization of [0.05, 0.5, 0.8, 0.95, 0.999]) {
        const expected = closedForm(servers, servers * utilization);
        expect(probabilityOfWait(servers, servers * utilization) / expected).toBeCloseTo(1, 9);
      }
    }
  });

  it('approaches the Halfin-Whitt limit for thousands of servers', () => {
    // c = a + β√a gives C → 1 ÷ (1 + β·Φ(β)/φ(β)); for β = 1 that is 0.2234 (Halfin and Whitt 1981).
    const load = 10_000;
    expect(probabilityOfWait(load + 100, load)).toBeCloseTo(0.2234, 2);
  });

  it('is 0 without load and 1 at capacity', () => {
    expect(probabilityOfWait(5000, 0)).toBe(0);
    expect(probabilityOfWait(5000, 5000)).toBe(1);
    expect(probabilityOfWait(5000, 9000)).toBe(1);
  });

  it('falls with servers and rises with load', () => {
    const input = fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 3000, noNaN: true }));
    fc.assert(
      fc.property(input, ([servers, load]) => {
        const here = probabilityOfWait(servers, load);
        expect(here).toBeGreaterThanOrEqual(0);
        expect(here).toBeLessThanOrEqual(1);
        expect(probabilityOfWait(servers + 1, load)).toBeLessThanOrEqual(here + 1e-12);
        expect(probabilityOfWait(servers, load + 0.5)).toBeGreaterThanOrEqual(here - 1e-12);
      }),
    );
  });

  it.each([0, 1.5, -1, NaN, Infinity])('refuses %d servers', (servers) => {
    expect(() => probabilityOfWait(servers, 1)).toThrow(/servers must be a whole number/);
  });

  it.each([-0.1, NaN])('refuses an offered load of %d', (load) => {
    expect(() => probabilityOfWait(3, load)).toThrow(/offered load must not be negative/);
  });
});

describe('the wait of a station', () => {
  it('of one server has the exponential tail ρ·e^−(μ−λ)t', () => {
    const station = { arrivalRate: 6, serviceRate: 10, servers: 1 };
    expect(probabilityOfWaitBeyond(station, 0.3)).toBeCloseTo(0.6 * Math.exp(-4 * 0.3), 12);
    expect(meanWait(station)).toBeCloseTo(0.6 / 4, 12);
  });

  it('obeys Little: requests in line = λ × mean wait = C·ρ/(1−ρ)', () => {
    const station = { arrivalRate: 90, serviceRate: 10, servers: 12 };
    const utilization = 90 / 120;
    const inLine = (probabilityOfWait(12, 9) * utilization) / (1 - utilization);
    expect(station.arrivalRate * meanWait(station)).toBeCloseTo(inLine, 12);
  });

  it('has no mean and no end when the load is the capacity', () => {
    const station = { arrivalRate: 20, serviceRate: 10, servers: 2 };
    expect(probabilityOfWaitBeyond(station, 5)).toBe(1);
    expect(meanWait(station)).toBe(Infinity);
  });
});
