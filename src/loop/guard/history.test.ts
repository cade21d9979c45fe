import fc from 'fast-check';
import {
  changesWithin,
  createScalingHistory,
  recommendationRange,
  recordInitialRecommendation,
  recordRecommendation,
  recordScaleEvent,
} from './history.ts';

const NOW = 1_700_000_000_000;

describe('changesWithin', () => {
  // kubernetes v1.36.3 horizontal_test.go, TestStoreScaleEvents: changes in the last 60 s, by replicas and age.
  test.each([
    ['empty entries', [], 0],
    ['one outdated entry', [[7, 61]], 0],
    ['one actual entry', [[7, 58]], 7],
    [
      'two entries, one of them outdated',
      [
        [7, 61],
        [6, 59],
      ],
      6,
    ],
    [
      'several outdated entries',
      [
        [9, 61],
        [7, 61],
        [6, 59],
        [8, 29],
      ],
      14,
    ],
    [
      'two entries, both actual',
      [
        [6, 59],
        [7, 58],
      ],
      13,
    ],
  ] as const)('counts %s', (_name, events, expected) => {
    for (const [sign, key] of [
      [1, 'added'],
      [-1, 'removed'],
    ] as const) {
      const history = createScalingHistory();
      for (const [change, age] of events)
        recordScaleEvent(history, NOW - age * 1000, 10, 10 + sign * Math.min(change, 10));
      expect(changesWithin(history, { now: NOW, seconds: 60 })).toEqual({
        added: 0,
        removed: 0,
        [key]: expected,
      });
    }
  });

  it('no longer counts a change exactly at the end of the period', () => {
    const history = createScalingHistory();
    recordScaleEvent(history, NOW - 60_000, 1, 5);
    expect(changesWithin(history, { now: NOW, seconds: 60 })).toEqual({ added: 0, removed: 0 });
  });
});

describe('the history', () => {
  test.each([NaN, -1, 1.5, 2 ** 31, Infinity])('refuses a count of %p', (replicas) => {
    expect(() => {
      recordRecommendation(createScalingHistory(), NOW, replicas);
    }).toThrow(RangeError);
    expect(() => {
      recordScaleEvent(createScalingHistory(), NOW, 1, replicas);
    }).toThrow(RangeError);
  });

  it('takes the current count for the first recommendation, and only for the first', () => {
    const history = createScalingHistory();
    recordInitialRecommendation(history, NOW, 7);
    recordInitialRecommendation(history, NOW + 15_000, 99);
    expect(recommendationRange(history, 5, { now: NOW + 15_000, seconds: 60 })).toEqual({
      lowest: 5,
      highest: 7,
    });
  });

  it('lets nothing hold longer than its window after the clock stepped back an hour', () => {
    const history = createScalingHistory();
    recordRecommendation(history, NOW, 50);
    recordScaleEvent(history, NOW, 1, 50);
    const earlier = NOW - 3_600_000;
    recordRecommendation(history, earlier, 3);
    recordScaleEvent(history, earlier, 50, 49);
    const at = (seconds: number) => ({ now: earlier + seconds * 1000, seconds: 300 });
    expect(recommendationRange(history, 3, at(299))).toEqual({ lowest: 3, highest: 50 });
    expect(changesWithin(history, at(299))).toEqual({ added: 49, removed: 1 });
    expect(recommendationRange(history, 3, at(300))).toEqual({ lowest: 3, highest: 3 });
    expect(changesWithin(history, at(300))).toEqual({ added: 0, removed: 0 });
  });

  it('stays small however fast and long it is written', () => {
    const history = createScalingHistory();
    for (let i = 0; i < 40_000; i += 1) {
      recordRecommendation(history, NOW + i * 400, i % 7);
      recordScaleEvent(history, NOW + i * 400, 1, 2);
    }
    expect(history.recommendations.highest.entries.length).toBeLessThanOrEqual(32);
    expect(history.recommendations.lowest.entries.length).toBeLessThanOrEqual(32);
    expect(history.changes.entries.length).toBeLessThanOrEqual(3 * 4096);
  });

  it('keeps an hour of ever smaller recommendations', () => {
    const history = createScalingHistory();
    for (let i = 0; i < 4000; i += 1) recordRecommendation(history, NOW + i * 1000, 5000 - i);
    const now = NOW + 3_999_000;
    expect(recommendationRange(history, 1001, { now, seconds: 3600 })).toEqual({
      lowest: 1001,
      highest: 4600,
    });
    expect(history.recommendations.highest.entries.length).toBeLessThanOrEqual(2 * 8192);
  });

  const span = fc.integer({ min: 1, max: 1800 });
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(100), fc.nat(100)), {
    maxLength: 150,
  });

  it('answers as a complete list would', () => {
    fc.assert(
      fc.property(steps, span, (entries, seconds) => {
        const history = createScalingHistory();
        const all: { at: number; from: number; to: number }[] = [];
        let now = NOW;
        for (const [wait, from, to] of entries) {
          now += wait * 1000;
          recordRecommendation(history, now, to);
          recordScaleEvent(history, now, from, to);
          all.push({ at: now, from, to });
        }
        const recent = all.filter(({ at }) => at > now - seconds * 1000);
        const sum = (sign: number) =>
          recent.reduce((total, { from, to }) => total + Math.max(0, sign * (to - from)), 0);
        const wanted = recent.map(({ to }) => to);
        expect(changesWithin(history, { now, seconds })).toEqual({ added: sum(1), removed: sum(-1) });
        expect(recommendationRange(history, 50, { now, seconds })).toEqual({
          lowest: Math.min(50, ...wanted),
          highest: Math.max(50, ...wanted),
        });
      }),
    );
  });
});
