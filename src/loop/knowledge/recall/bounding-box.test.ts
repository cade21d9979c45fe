import fc from 'fast-check';
import { pointAt } from '../../../../test/support/situation-fixture.ts';
import { EMBEDDING_DIMENSIONS } from '../situation.ts';
import { createBox, distanceToBox, partial, STEP, widen, type BoundingBox } from './bounding-box.ts';

function boxOf(points: readonly Float32Array[]): BoundingBox {
  const box = createBox();
  for (const point of points) widen(box, point);
  return box;
}

test.each<[string, Float32Array, number]>([
  ['within the box', pointAt(1.5, 0), 0],
  ['on its edge', pointAt(1, 0), 0],
  ['below it', pointAt(-1, 0), 4],
  ['above it', pointAt(5, 0), 9],
  ['beyond a corner', pointAt(5, -4), 25],
  [
    'beside it in the last dimensions',
    Float32Array.from(pointAt(1), (value, i) => (i === 63 ? 2 : value)),
    4,
  ],
])('a point %s is as far away as from the nearest point of the box', (_, point, squared) => {
  const box = boxOf([pointAt(1, 0), pointAt(2, 3)]);
  expect(distanceToBox(box, point, 1, Infinity)).toBe(squared);
  expect(distanceToBox(box, point, 2, Infinity)).toBe(2 * squared);
});

test('what is beyond the limit is infinitely far, what is on it is not', () => {
  const box = boxOf([pointAt(1)]);
  expect(distanceToBox(box, pointAt(3), 1, 4)).toBe(4);
  expect(distanceToBox(box, pointAt(3), 1, 3.9)).toBe(Infinity);
});

const point = fc.float32Array({
  minLength: EMBEDDING_DIMENSIONS,
  maxLength: EMBEDDING_DIMENSIONS,
  noNaN: true,
  noDefaultInfinity: true,
});

test('no point of a box is nearer than the box, to the last bit', () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 5 }),
      point,
      fc.constantFrom(1, 1.3 ** 2),
      (points, from, factor) => {
        const bound = distanceToBox(boxOf(points), from, factor, Infinity);
        for (const each of points) {
          let sum = 0;
          for (let i = 0; i < EMBEDDING_DIMENSIONS; i += STEP) sum += partial(each, i, from, i);
          expect(bound).toBeLessThanOrEqual(sum * factor);
        }
      },
    ),
  );
});
