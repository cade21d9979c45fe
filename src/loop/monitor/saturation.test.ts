import fc from 'fast-check';
import { MINUTE, NOW, SECOND } from '../../../test/support/loop-fixtures.ts';
import {
  createSaturationEvidence,
  loadLevels,
  observeLoad,
  weakenEvidence,
  type LoadObservation,
  type SaturationEvidence,
} from './saturation.ts';

const DAY = 24 * 60 * MINUTE;

/** Ticks of 15 s, each with these facts; the averages are over half a minute. */
function seen(
  ticks: readonly Partial<LoadObservation>[],
  evidence: SaturationEvidence = createSaturationEvidence(),
  from = NOW,
): SaturationEvidence {
  for (const [index, tick] of ticks.entries()) {
    observeLoad(evidence, {
      now: from + index * 15 * SECOND,
      demand: 100,
      badShare: 0,
      readyReplicas: 2,
      averagedSeconds: 30,
      ...tick,
    });
  }
  return evidence;
}

const repeated = (count: number, tick: Partial<LoadObservation> = {}): Partial<LoadObservation>[] =>
  new Array<Partial<LoadObservation>>(count).fill(tick);

const weightOf = (evidence: SaturationEvidence): number =>
  loadLevels(evidence).reduce((sum, { weight }) => sum + weight, 0);

describe('the evidence of saturation', () => {
  test('keeps the mean share of bad requests at each load of a replica', () => {
    const levels = loadLevels(
      seen([...repeated(6, { badShare: 0.01 }), ...repeated(4, { demand: 200, badShare: 0.2 })]),
    );
    expect(levels).toEqual([
      { load: 50, badShare: expect.closeTo(0.01, 6) as number, replicas: 2, weight: 4 },
      { load: 100, badShare: expect.closeTo(0.2, 6) as number, replicas: 2, weight: 4 },
    ]);
  });

  test('has no levels before it has seen anything', () => {
    expect(loadLevels(createSaturationEvidence())).toEqual([]);
  });

  test.each<[string, Partial<LoadObservation>]>([
    ['an unknown demand', { demand: NaN }],
    ['no demand', { demand: 0 }],
    ['an endless demand', { demand: Infinity }],
    ['an absurd demand', { demand: 1e308 }],
    ['an unknown share', { badShare: NaN }],
    ['more bad requests than requests', { badShare: 1.2 }],
    ['no ready replica', { readyReplicas: 0 }],
    ['an unknown time', { now: NaN }],
  ])('learns nothing from %s', (_name, tick) => {
    expect(weightOf(seen(repeated(8, tick)))).toBe(0);
  });

  test('does not learn while replicas come or go', () => {
    const growing = Array.from({ length: 40 }, (_, i) => ({ readyReplicas: 2 + Math.floor(i / 2) }));
    expect(weightOf(seen(growing))).toBe(0);
    expect(weightOf(seen(repeated(40)))).toBe(38);
  });

  test('does not blame a load for the queue that a larger one has left', () => {
    const burst = [...repeated(6), ...repeated(4, { demand: 300, badShare: 0.5 })];
    const after = [...repeated(8, { badShare: 0.6 }), ...repeated(20)];
    const levels = loadLevels(seen([...burst, ...after]));
    expect(levels.map(({ load, badShare }) => [load, badShare])).toEqual([
      [50, 0],
      [150, 0.5],
    ]);
  });

  test('lets half of what it knows go within a day, evenly', () => {
    const evidence = seen(repeated(402, { badShare: 0.25 }));
    seen(repeated(3, { demand: 90 }), evidence, NOW + DAY);
    const old = loadLevels(evidence).at(-1);
    expect(old?.load).toBeCloseTo(50, 3);
    // 1 h 40 min of them at the beginning of the day.
    expect(old?.weight).toBeGreaterThan(200);
    expect(old?.weight).toBeLessThan(211);
    expect(old?.badShare).toBeCloseTo(0.25, 5);
  });

  test('knows no more than four hours at one load', () => {
    const evidence = seen([...repeated(2000, { badShare: 1 }), ...repeated(2500)]);
    expect(weightOf(evidence)).toBeLessThanOrEqual(961);
    expect(loadLevels(evidence)[0]?.badShare).toBeLessThan(0.1);
  });

  test('is worth a tenth of what it was for a new revision', () => {
    const evidence = seen(repeated(102));
    weakenEvidence(evidence);
    expect(weightOf(evidence)).toBeCloseTo(10, 0);
  });

  test('forgets loads far below the highest', () => {
    const rising = Array.from({ length: 200 }, (_, i) => repeated(4, { demand: 2 * 1.08 ** i })).flat();
    const levels = loadLevels(seen(rising));
    expect(levels.length).toBeLessThanOrEqual(64);
    expect(levels.at(-1)?.load).toBeCloseTo(1.08 ** 199, -1);
  });

  test('does not believe a load ten times as high as any before, until it stays', () => {
    const evidence = seen([...repeated(20), ...repeated(5, { demand: 1e6 })]);
    expect(loadLevels(evidence)).toHaveLength(1);
    seen(repeated(60, { demand: 1e6 }), evidence, NOW + DAY);
    expect(loadLevels(evidence).map(({ load }) => load)).toEqual([5e5]);
  });

  test('goes on after its clock stepped back', () => {
    const evidence = seen(repeated(10));
    seen(repeated(10), evidence, NOW - DAY);
    expect(weightOf(evidence)).toBe(8 + 8);
  });

  test('has levels of finite numbers with rising loads, whatever it was shown', () => {
    const anything = fc.oneof(fc.double(), fc.double({ min: 0, max: 1e4, noNaN: true }));
    const tick = fc.record({
      now: fc.oneof(
        anything,
        fc.integer({ min: 0, max: 1000 }).map((i) => NOW + i * 15 * SECOND),
      ),
      demand: anything,
      badShare: fc.oneof(anything, fc.double({ min: 0, max: 1, noNaN: true })),
      readyReplicas: fc.oneof(anything, fc.constantFrom(1, 2)),
      averagedSeconds: fc.constantFrom(0, 30),
    });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 200 }), (ticks) => {
        let before = 0;
        for (const level of loadLevels(seen(ticks))) {
          for (const value of Object.values(level)) expect(Number.isFinite(value)).toBe(true);
          expect(level.load).toBeGreaterThan(before);
          expect(level.badShare).toBeGreaterThanOrEqual(0);
          expect(level.badShare).toBeLessThanOrEqual(1);
          before = level.load;
        }
      }),
    );
  });
});
