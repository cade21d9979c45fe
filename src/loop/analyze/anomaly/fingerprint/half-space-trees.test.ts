import fc from 'fast-check';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import {
  createHalfSpaceForest,
  createHalfSpaceMasses,
  observeHalfSpace,
  type HalfSpaceForest,
} from './half-space-trees.ts';

const FEATURES = 4;

function forestOf(seed: number): HalfSpaceForest {
  return createHalfSpaceForest({ features: FEATURES, trees: 25, depth: 8, random: seededRandom(seed) });
}

const forest = forestOf(1);

function cloud(seed: number, middle: number, count: number): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Float64Array.from({ length: FEATURES }, () => middle + 0.3 * normal(random)),
  );
}

test('a point far from the last window is stranger than any of the window', () => {
  const masses = createHalfSpaceMasses(forest);
  for (const point of cloud(2, 0, 500)) observeHalfSpace(forest, masses, point);
  const usual = cloud(3, 0, 50).map((point) => observeHalfSpace(forest, masses, point));
  const strange = observeHalfSpace(forest, masses, Float64Array.of(3, -3, 3, -3));
  expect(strange).toBeGreaterThan(Math.max(...usual));
});

test('what was strange is usual when it has lasted for two windows, and what was usual is strange', () => {
  const masses = createHalfSpaceMasses(forest);
  for (const point of cloud(2, 0, 250)) observeHalfSpace(forest, masses, point);
  const before = observeHalfSpace(forest, masses, Float64Array.of(2, 2, 2, 2));
  for (const point of cloud(4, 2, 500)) observeHalfSpace(forest, masses, point);
  expect(observeHalfSpace(forest, masses, Float64Array.of(2, 2, 2, 2))).toBeLessThan(before / 2);
  expect(observeHalfSpace(forest, masses, new Float64Array(FEATURES))).toBeGreaterThan(before / 2);
});

test('a node holds as many points as its two children, where no feature is missing', () => {
  const masses = createHalfSpaceMasses(forest);
  for (const point of cloud(5, 0, 100)) observeHalfSpace(forest, masses, point);
  const nodes = 2 ** 9 - 1;
  for (let tree = 0; tree < 25; tree++) {
    expect(masses.latest[tree * nodes]).toBe(100);
    for (let node = 0; node < 2 ** 8 - 1; node++) {
      const children = tree * nodes + 2 * node + 1;
      expect(masses.latest[children]! + masses.latest[children + 1]!).toBe(
        masses.latest[tree * nodes + node],
      );
    }
  }
});

test('equal random numbers plant equal trees, and other ones others', () => {
  expect(forestOf(1)).toEqual(forest);
  expect(forestOf(2).splits).not.toEqual(forest.splits);
});

test('nothing is strange before a window is complete', () => {
  const masses = createHalfSpaceMasses(forest);
  expect(cloud(2, 0, 250).map((point) => observeHalfSpace(forest, masses, point))).toEqual(
    new Array(250).fill(0),
  );
});

test('a missing feature makes no point stranger than a whole window of it', () => {
  const masses = createHalfSpaceMasses(forest);
  for (const point of cloud(2, 0, 500)) observeHalfSpace(forest, masses, point);
  const all = observeHalfSpace(forest, masses, new Float64Array(FEATURES).fill(NaN));
  const far = observeHalfSpace(forest, masses, Float64Array.of(3, -3, 3, -3));
  expect(Number.isFinite(all)).toBe(true);
  const oneMissing = observeHalfSpace(forest, masses, Float64Array.of(0, NaN, 0, 0));
  expect(oneMissing).toBeLessThan(far);
});

test('any numbers, missing and infinite ones too, have a finite answer of at least 0', () => {
  const masses = createHalfSpaceMasses(forest);
  for (const point of cloud(2, 0, 260)) observeHalfSpace(forest, masses, point);
  fc.assert(
    fc.property(fc.array(fc.double(), { minLength: FEATURES, maxLength: FEATURES }), (values) => {
      const answer = observeHalfSpace(forest, masses, Float64Array.from(values));
      expect(answer).toBeGreaterThanOrEqual(0);
      expect(answer).toBeLessThan(30);
    }),
  );
});
