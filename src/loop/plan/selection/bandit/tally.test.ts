import fc from 'fast-check';

import {
  addReward,
  createTally,
  estimateMeans,
  measuredWeight,
  setBelief,
  sumsOf,
  type Forgetting,
  type Tally,
} from './tally.ts';

const sums = (tally: Tally, arm: number) => sumsOf(tally, arm, { weight: 0, sum: 0, square: 0 });

function means(tally: Tally): { mean: readonly number[]; deviation: readonly number[] } {
  const out = { mean: new Float64Array(tally.arms), deviation: new Float64Array(tally.arms) };
  estimateMeans(tally, out);
  return { mean: [...out.mean], deviation: [...out.deviation] };
}

function fed(forgetting: Forgetting, rewards: readonly (readonly [arm: number, reward: number])[]): Tally {
  const tally = createTally(2, forgetting);
  for (const [arm, reward] of rewards) addReward(tally, arm, reward);
  return tally;
}

const reward = fc.tuple(fc.nat(1), fc.double({ min: 0, max: 1, noNaN: true }));

describe('the tally of rewards', () => {
  test('without forgetting has the mean of all', () => {
    const tally = fed({ kind: 'None' }, [
      [0, 0.2],
      [0, 0.6],
      [1, 1],
    ]);
    expect(means(tally).mean[0]).toBeCloseTo(0.4, 12);
    expect(means(tally).mean[1]).toBe(1);
    expect(measuredWeight(tally)).toBe(3);
    expect(measuredWeight(tally, 0)).toBe(2);
  });

  test('of an arm without rewards knows nothing', () => {
    expect(means(fed({ kind: 'None' }, [[0, 1]]))).toMatchObject({
      mean: [1, NaN],
      deviation: [expect.any(Number), Infinity],
    });
  });

  test('with a discount weighs the last reward 1 and each before it less', () => {
    const tally = fed({ kind: 'Discount', factor: 0.5 }, [
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
    expect(sums(tally, 0)).toMatchObject({ weight: 1.25, sum: 0.25 });
    expect(sums(tally, 1)).toMatchObject({ weight: 0.5, sum: 0.5 });
  });

  test('of a window is that of its last rewards, whatever came before', () => {
    const property = fc.property(fc.array(reward, { minLength: 1, maxLength: 60 }), (rewards) => {
      const rolling = fed({ kind: 'Window', length: 7 }, rewards);
      const last = fed({ kind: 'None' }, rewards.slice(-7));
      for (const arm of [0, 1]) {
        expect(sums(rolling, arm).weight).toBe(sums(last, arm).weight);
        expect(sums(rolling, arm).sum).toBeCloseTo(sums(last, arm).sum, 5);
      }
    });
    fc.assert(property);
  });

  test('a belief stands in for rewards, does not fade, and can be replaced', () => {
    const tally = createTally(2, { kind: 'Discount', factor: 0.5 });
    expect(setBelief(tally, 0, { mean: 0.8, variance: 0.01, weight: 4 })).toBe(true);
    for (let i = 0; i < 50; i += 1) addReward(tally, 1, 0.3);
    expect(means(tally).mean[0]).toBeCloseTo(0.8, 12);
    setBelief(tally, 0, { mean: 0.1, variance: 0.01, weight: 4 });
    expect(means(tally).mean[0]).toBeCloseTo(0.1, 12);
  });

  test.each([
    ['a mean that is no number', { mean: NaN, variance: 0.1, weight: 1 }],
    ['a mean beyond a reward', { mean: 1.2, variance: 0.1, weight: 1 }],
    ['an endless weight', { mean: 0.5, variance: 0.1, weight: Infinity }],
    ['a negative variance', { mean: 0.5, variance: -1, weight: 1 }],
  ])('refuses %s and stays as it was', (_, belief) => {
    const tally = fed({ kind: 'None' }, [[0, 0.5]]);
    const before = structuredClone(tally);
    expect(setBelief(tally, 0, belief)).toBe(false);
    expect(tally).toEqual(before);
  });

  test.each<[string, Forgetting]>([
    ['a discount of 1', { kind: 'Discount', factor: 1 }],
    ['a discount that is no number', { kind: 'Discount', factor: NaN }],
    ['a window of nothing', { kind: 'Window', length: 0 }],
  ])('cannot be made with %s', (_, forgetting) => {
    expect(() => createTally(2, forgetting)).toThrow(RangeError);
  });

  test('has means within 0 … 1 and deviations above 0 whatever comes, and survives a checkpoint', () => {
    const forgetting = fc.constantFrom<Forgetting>(
      { kind: 'None' },
      { kind: 'Discount', factor: 0.9 },
      { kind: 'Window', length: 5 },
    );
    const property = fc.property(forgetting, fc.array(reward, { maxLength: 100 }), (how, rewards) => {
      const tally = fed(how, rewards);
      const { mean, deviation } = means(tally);
      for (const [arm, one] of mean.entries()) {
        if (Number.isNaN(one)) continue;
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
        expect(deviation[arm]).toBeGreaterThan(0);
      }
      expect(means(structuredClone(tally))).toEqual({ mean, deviation });
    });
    fc.assert(property);
  });
});
