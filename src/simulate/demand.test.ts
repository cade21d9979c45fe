import fc from 'fast-check';
import { generateDemand, type DemandShape } from './demand.ts';
import { seededRandom } from './random.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Monday 3 June 2024, 00:00 UTC. */
const monday = Date.UTC(2024, 5, 3);
const span = { from: monday, to: monday + 14 * day };

const plain: DemandShape = {
  baseRate: 100,
  dailySwing: 0.5,
  peakHour: 14,
  weekendFactor: 1,
  noise: 0,
  burstsPerDay: 0,
  burstFactor: 0,
};

describe('a generated load', () => {
  it('peaks at the peak hour and repeats each day', () => {
    const demand = generateDemand(plain, span, seededRandom(1));
    expect(demand(monday + 14 * hour)).toBeCloseTo(150, 6);
    expect(demand(monday + 2 * hour)).toBeCloseTo(100 * (1 - 0.5 * 0.7), 6);
    for (let at = 0; at < day; at += hour)
      expect(demand(monday + at)).toBeCloseTo(demand(monday + day + at), 6);
  });

  it('is lower on Saturday and Sunday only, with a passage instead of a step', () => {
    const demand = generateDemand({ ...plain, dailySwing: 0, weekendFactor: 0.6 }, span, seededRandom(1));
    const noons = [0, 1, 2, 3, 4, 5, 6].map((days) => demand(monday + days * day + 12 * hour));
    expect(noons).toEqual([100, 100, 100, 100, 100, 60, 60]);
    expect(demand(monday + 5 * day)).toBeCloseTo(80, 9);
    expect(demand(monday + 7 * day)).toBeCloseTo(80, 9);
    expect(demand(monday - 3 * day + 12 * hour)).toBe(100);
  });

  it('climbs at a launch and keeps a plateau', () => {
    const launch = {
      at: monday + hour,
      rampSeconds: 600,
      peakFactor: 2,
      plateauFactor: 0.5,
      decaySeconds: 300,
    };
    const demand = generateDemand({ ...plain, dailySwing: 0, launch }, span, seededRandom(1));
    expect(demand(launch.at - 1)).toBe(100);
    expect(demand(launch.at + 300_000)).toBeCloseTo(200, 6);
    expect(demand(launch.at + 600_000)).toBeCloseTo(300, 6);
    expect(demand(launch.at + 600_000 + 300_000)).toBeCloseTo(100 * (1.5 + 1.5 / Math.E), 6);
    expect(demand(launch.at + 5 * hour)).toBeCloseTo(150, 3);
  });

  it('bursts about as often as asked for, never higher than asked for', () => {
    const shape = { ...plain, dailySwing: 0, burstsPerDay: 6, burstFactor: 1.5 };
    const demand = generateDemand(shape, span, seededRandom(2));
    let starts = 0;
    let before = demand(span.from);
    for (let at = span.from; at < span.to; at += 60_000) {
      const now = demand(at);
      if (before <= 105 && now > 105) starts += 1;
      before = now;
    }
    // 84 are expected; some overlap, and ±3 standard deviations of a Poisson count are ±27.
    expect(starts).toBeGreaterThan(50);
    expect(starts).toBeLessThan(111);
  });

  it('is the same for the same seed and another for another', () => {
    const shape = { ...plain, noise: 0.05, burstsPerDay: 4, burstFactor: 1 };
    const values = (seed: number): number[] => {
      const demand = generateDemand(shape, span, seededRandom(seed));
      return Array.from({ length: 100 }, (_, i) => demand(monday + i * hour));
    };
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  it('is never negative and never unknown, whatever the shape and the time', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const shapes = fc.record({
      baseRate: fc.double({ min: 0, max: 1e6, noNaN: true }),
      dailySwing: unit,
      peakHour: fc.double({ min: 0, max: 24, noNaN: true }),
      weekendFactor: unit,
      noise: fc.double({ min: 0, max: 2, noNaN: true }),
      burstsPerDay: fc.double({ min: 0, max: 20, noNaN: true }),
      burstFactor: fc.double({ min: 0, max: 5, noNaN: true }),
    });
    fc.assert(
      fc.property(shapes, fc.integer(), fc.integer({ min: -3e12, max: 3e12 }), (shape, seed, at) => {
        const rate = generateDemand(shape, span, seededRandom(seed))(at);
        expect(rate).toBeGreaterThanOrEqual(0);
        expect(rate).toBeLessThan(Infinity);
      }),
    );
  });
});
