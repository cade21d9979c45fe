import { bestArm, certain, drawArm } from './moment.ts';

const at = (allowed: readonly number[], ranked: readonly number[] = allowed.map(() => 0)) => ({
  allowed: Uint8Array.from(allowed),
  ranked: Float64Array.from(ranked),
});

describe('the best arm', () => {
  test.each<[string, readonly number[], readonly number[], readonly number[], number]>([
    ['has the largest value', [0.2, 0.9, 0.5], [1, 1, 1], [0, 0, 0], 1],
    ['is one that is allowed', [0.2, 0.9, 0.5], [1, 0, 1], [0, 0, 0], 2],
    ['has a value', [NaN, 0.1, NaN], [1, 1, 1], [0, 0, 0], 1],
    ['of equal ones has the higher rank', [0.5, 0.5, 0.5], [1, 1, 1], [0.1, 0.3, 0.2], 1],
    ['of equal ones of one rank is the first', [0.5, 0.5, 0.5], [1, 1, 1], [0.1, 0.1, 0.1], 0],
    ['of endless ones has the higher rank', [Infinity, 1, Infinity], [1, 1, 1], [0.1, 0.9, 0.2], 2],
    ['is none where nothing has a value', [NaN, NaN, NaN], [1, 1, 1], [0, 0, 0], -1],
    ['is none where nothing is allowed', [1, 2, 3], [0, 0, 0], [0, 0, 0], -1],
  ])('%s', (...[, values, allowed, ranked, best]) => {
    expect(bestArm(Float64Array.from(values), at(allowed, ranked))).toBe(best);
  });
});

describe('drawing an arm', () => {
  const shares = Float64Array.of(0.25, 0, 0.5, 0.25);

  test.each([
    [0, 0],
    [0.2499, 0],
    [0.25, 2],
    [0.7499, 2],
    [0.75, 3],
    [0.999999, 3],
  ])('%d falls on arm %d', (uniform, arm) => {
    expect(drawArm(shares, () => uniform)).toBe(arm);
  });

  test('falls on the last that may be drawn where the shares add up to a little less than 1', () => {
    expect(drawArm(Float64Array.of(0.5, 0.4999999, 0), () => 0.99999999)).toBe(1);
  });

  test('of a certain arm is that arm', () => {
    const certainly = Float64Array.of(0.3, 0.7);
    certain(certainly, 0);
    expect([...certainly]).toEqual([1, 0]);
    expect(drawArm(certainly, () => 0.9999)).toBe(0);
  });
});
