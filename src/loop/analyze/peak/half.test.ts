import fc from 'fast-check';
import { fromHalf, fromPositiveHalf, toHalf, toPositiveHalf, UNKNOWN } from './half.ts';

const magnitude = fc.double({ min: 1e-30, max: 1e30, noNaN: true });

test('numbers come back within their precision', () => {
  fc.assert(
    fc.property(magnitude, fc.constantFrom(1, -1), (size, sign) => {
      expect(Math.abs(fromHalf(toHalf(sign * size)) / (sign * size) - 1)).toBeLessThanOrEqual(2 ** -8 + 1e-7);
      expect(Math.abs(fromPositiveHalf(toPositiveHalf(size)) / size - 1)).toBeLessThanOrEqual(2 ** -9 + 1e-7);
    }),
  );
});

test.each([0, 1, 7, 96, 255, 2 ** 40])('%d comes back exactly', (value) => {
  expect(fromHalf(toHalf(value))).toBe(value);
  expect(fromPositiveHalf(toPositiveHalf(value))).toBe(value);
});

test('what is not known stays so', () => {
  const stored = new Uint16Array(2).fill(UNKNOWN);
  stored[1] = toPositiveHalf(-NaN);
  expect([...stored].map(fromPositiveHalf)).toEqual([NaN, NaN]);
  expect(fromHalf(toHalf(NaN))).toBeNaN();
});

test('the order of numbers stays', () => {
  fc.assert(
    fc.property(magnitude, magnitude, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(toPositiveHalf(low)).toBeLessThanOrEqual(toPositiveHalf(high));
    }),
  );
});
