import { serialize } from 'node:v8';
import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import {
  createKpiDetector,
  kpiDeviation,
  kpiExpected,
  observeKpi,
  type KpiDetector,
  type KpiTier,
} from './kpi-detector.ts';

const DAY = 1440;
const TIERS: readonly KpiTier[] = ['Full', 'Light'];

/** An ordinary service: a day's swing and noise. */
function ordinary(days: number, seed = 3): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from(
    { length: days * DAY },
    (_, i) => 100 - 40 * Math.cos((2 * Math.PI * i) / DAY) + 2 * normal(random),
  );
}

function observeAll(detector: KpiDetector, values: Float64Array, firstSlot = 0): Float64Array {
  return values.map((value, i) => observeKpi(detector, value, firstSlot + i));
}

describe.each(TIERS)('KPI detector, %s', (tier) => {
  const create = (): KpiDetector => createKpiDetector({ stepSeconds: 60, tier });

  test('a jump by ten usual errors is rarer than one in ten thousand within three points', () => {
    const detector = create();
    observeAll(detector, ordinary(10));
    const jumped = Float64Array.from([92, 91, 93]);
    const surprises = observeAll(detector, jumped, 10 * DAY);
    expect(Math.max(...surprises)).toBeGreaterThan(4);
    expect(kpiDeviation(detector)).toBeGreaterThan(0);
  });

  test('what was expected is what it was before the jump, not what its first points taught', () => {
    const detector = create();
    observeAll(detector, ordinary(10));
    observeAll(detector, Float64Array.from([120, 120, 120]), 10 * DAY);
    expect(kpiExpected(detector)).toBeGreaterThan(52);
    expect(kpiExpected(detector)).toBeLessThan(68);
  });

  test('a fall is told from a rise', () => {
    const detector = create();
    observeAll(detector, ordinary(8));
    observeAll(detector, Float64Array.from([20, 20]), 8 * DAY);
    expect(kpiDeviation(detector)).toBeLessThan(0);
  });

  test('on usual days a point in a hundred is as rare as that, and no more than a point in 500 as one in 1,000', () => {
    const surprises = observeAll(create(), ordinary(24, 9)).subarray(4 * DAY);
    const shareOf = (least: number): number =>
      surprises.filter((surprise) => surprise >= least).length / surprises.length;
    expect(shareOf(2)).toBeGreaterThan(1e-2 / 3);
    expect(shareOf(2)).toBeLessThan(2e-2);
    expect(shareOf(3)).toBeLessThan(2e-3);
  });

  test('a day of missing points leaves the detector as it was', () => {
    const detector = create();
    observeAll(detector, ordinary(9));
    const before = structuredClone(detector);
    expect(observeAll(detector, new Float64Array(DAY).fill(NaN), 9 * DAY)).toEqual(
      new Float64Array(DAY).fill(NaN),
    );
    expect(detector).toEqual(before);
    const after = observeAll(detector, ordinary(1, 5), 10 * DAY);
    expect(Math.max(...after)).toBeLessThan(5);
  });

  test.each([15, 60, 300])('at a step of %i s the night is not mistaken for a fall', (stepSeconds) => {
    const points = 86_400 / stepSeconds;
    const detector = createKpiDetector({ stepSeconds, tier });
    const random = seededRandom(2);
    let alarms = 0;
    for (let i = 0; i < 8 * points; i++) {
      const value = 100 - 40 * Math.cos((2 * Math.PI * i) / points) + 2 * normal(random);
      const surprise = observeKpi(detector, value, i);
      if (i > 2 * points && surprise >= 5) alarms += 1;
    }
    expect(alarms).toBeLessThan(4);
  });

  const random = seededRandom(8);
  const enormous = (i: number): number => (i % 3 === 0 ? 1e308 : i % 3 === 1 ? -1e308 : 1e300);
  const odd: readonly (readonly [string, (i: number) => number])[] = [
    ['constant', () => 7.1],
    ['constant zero', () => 0],
    ['binary', () => (random() < 0.02 ? 1 : 0)],
    ['alternating', (i) => i % 2],
    ['a counter that is reset each six hours', (i) => (i % 360) * 17],
    ['each value twice', (i) => 50 + 10 * Math.sin(Math.trunc(i / 2) / 200)],
    ['shuffled', () => 100 - 40 * Math.cos(2 * Math.PI * random())],
    ['enormous', enormous],
    ['enormous and constant', () => 1e308],
    ['tiny', (i) => 1e-300 * Math.sin(i)],
    ['missing every other time', (i) => (i % 2 === 0 ? NaN : 5 + normal(random))],
  ];
  test.each(odd)('%s: finite answers and no storm of alarms', (_, valueAt) => {
    const detector = create();
    let last = -Infinity;
    let episodes = 0;
    let outside = 0;
    for (let i = 0; i < 10 * DAY; i++) {
      const value = valueAt(i);
      const surprise = observeKpi(detector, value, i);
      if (Number.isNaN(value)) continue;
      if (!(surprise >= 0 && surprise <= 12)) outside += 1;
      if (surprise < 4) continue;
      if (i > 3 * DAY && i - last > 60) episodes += 1;
      last = i;
    }
    expect(outside).toBe(0);
    expect(episodes).toBeLessThanOrEqual(3);
    expect(Number.isFinite(kpiDeviation(detector))).toBe(true);
  });

  test('any numbers at any slots: an answer in 0…12 or, to what is not finite, NaN', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.nat()), { maxLength: 200 }), (points) => {
        const detector = create();
        for (const [value, slot] of points) {
          const surprise = observeKpi(detector, value, slot);
          expect(Number.isFinite(value) ? surprise >= 0 && surprise <= 12 : Number.isNaN(surprise)).toBe(
            true,
          );
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('a light detector is stored in less than 5 KB at any step', () => {
  for (const stepSeconds of [15, 60, 300]) {
    const detector = createKpiDetector({ stepSeconds, tier: 'Light' });
    observeAll(detector, ordinary(1));
    expect(serialize(detector).length).toBeLessThan(4800);
  }
});

test('a point is judged by what was before it: later ones change nothing', () => {
  const values = ordinary(3);
  const whole = observeAll(createKpiDetector({ stepSeconds: 60, tier: 'Full' }), values);
  const half = observeAll(createKpiDetector({ stepSeconds: 60, tier: 'Full' }), values.subarray(0, 2 * DAY));
  expect(half).toEqual(whole.subarray(0, 2 * DAY));
});

test('after a fortnight of daily incidents a robust detector finds the next rarer than another does', () => {
  const [robust, plain] = [true, false].map((choice) => {
    const detector = createKpiDetector({ stepSeconds: 60, tier: 'Light', robust: choice });
    const values = ordinary(14).map((value, i) => (i % DAY > 700 && i % DAY < 710 ? value * 2 : value));
    observeAll(detector, values);
    return Math.max(...observeAll(detector, Float64Array.from([120, 120, 120]), 14 * DAY));
  });
  expect(robust).toBeGreaterThan(plain!);
});

test('nothing is expected before the first point', () => {
  const detector = createKpiDetector({ stepSeconds: 60, tier: 'Light' });
  expect(kpiExpected(detector)).toBeNaN();
  expect(kpiDeviation(detector)).toBe(0);
});

test.each([0, -60, NaN, 7, 7200])('a step of %d s is refused', (stepSeconds) => {
  expect(() => createKpiDetector({ stepSeconds, tier: 'Light' })).toThrow(/divide a day/);
});
