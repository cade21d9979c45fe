import fc from 'fast-check';
import { createSortedRing, ringAdd, ringQuantile } from './sorted-ring.ts';

test('a sorted ring always holds its last values in order', () => {
  const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(finite, { maxLength: 80 }), (size, values) => {
      const ring = createSortedRing(size);
      for (const value of values) ringAdd(ring, value);
      // -0 and 0 compare as equal and may stand in either order.
      const expected = values.slice(-size).map((value) => value + 0);
      expected.sort((a, b) => a - b);
      const held = Array.from(ring.sorted.subarray(0, ring.count), (value) => value + 0);
      expect(held).toEqual(expected);
    }),
  );
});

test.each([
  [0, 1],
  [0.5, 5],
  [0.75, 7.5],
  [0.99, 9],
  [1, 9],
])('the %d quantile of 1 … 9 is %d', (level, expected) => {
  const ring = createSortedRing(9);
  for (const value of [9, 1, 8, 2, 7, 3, 6, 4, 5]) ringAdd(ring, value);
  expect(ringQuantile(ring, level)).toBeCloseTo(expected, 6);
});

test('the quantile of an empty ring is 0', () => {
  expect(ringQuantile(createSortedRing(5), 0.9)).toBe(0);
});
