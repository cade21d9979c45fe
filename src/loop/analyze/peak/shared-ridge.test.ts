import fc from 'fast-check';
import { seededRandom } from '../../../simulate/random.ts';
import { createArena } from './arena.ts';
import {
  createSharedRidge,
  discountRidge,
  learnRidge,
  predictRidge,
  ridgeWeight,
  solveRidge,
  type SharedRidge,
} from './shared-ridge.ts';

function ridgeOf(inputs: number, targets: number): SharedRidge {
  return createSharedRidge(createArena(1000), { inputs, targets });
}

/** Gauss-Jordan elimination with pivoting: another way to the same answer. */
function eliminate(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows.slice(i).reduce((a, b) => (Math.abs(b[i]!) > Math.abs(a[i]!) ? b : a));
    const at = rows.indexOf(pivot);
    [rows[i], rows[at]] = [rows[at]!, rows[i]!];
    rows.forEach((row, k) => {
      if (k === i) return;
      const factor = row[i]! / pivot[i]!;
      row.forEach((_, j) => (row[j] = row[j]! - factor * pivot[j]!));
    });
  }
  return rows.map((row, i) => row[rows.length]! / row[i]!);
}

interface Equation {
  readonly x: readonly number[];
  readonly y: number;
  readonly weight: number;
}

/** (Σ wₜxₜxₜᵀ + 0.001·diagonal) w = Σ wₜxₜyₜ with weights that fade. */
function closedForm(equations: readonly Equation[], memory: number): number[] {
  const size = equations[0]!.x.length;
  const matrix = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  const right = Array.from({ length: size }, () => 0);
  equations.forEach(({ x, y, weight }, t) => {
    const faded = weight * memory ** (equations.length - 1 - t);
    for (let i = 0; i < size; i++) {
      right[i]! += faded * x[i]! * y;
      for (let j = 0; j < size; j++) matrix[i]![j]! += faded * x[i]! * x[j]!;
    }
  });
  for (let i = 0; i < size; i++) matrix[i]![i]! *= 1.001;
  return eliminate(matrix, right);
}

const entry = fc.double({ min: -100, max: 100, noNaN: true });

test('a regression gives the closed form of its weighted and faded equations', () => {
  const equation = fc.record({
    x: fc.tuple(entry, entry, entry, entry),
    y: entry,
    weight: fc.double({ min: 0.01, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(equation, { minLength: 8, maxLength: 40 }), (drawn) => {
      // Unit vectors beside the drawn equations keep the closed form itself well conditioned.
      const units = [0, 1, 2, 3].map((k) => ({
        x: [0, 1, 2, 3].map((i) => (i === k ? 5 : 0)),
        y: 1,
        weight: 1,
      }));
      const equations: Equation[] = [...drawn, ...units];
      const ridge = ridgeOf(4, 2);
      const negative = equations.map((equation) => ({ ...equation, y: -3 * equation.y }));
      for (const { x, y, weight } of equations) {
        discountRidge(ridge, 0.97);
        learnRidge(ridge, Float64Array.from(x), Float64Array.of(y, -3 * y), weight);
      }
      solveRidge(ridge);
      [equations, negative].forEach((list, target) => {
        closedForm(list, 0.97).forEach((weight, i) =>
          expect(ridgeWeight(ridge, target, i)).toBeCloseTo(weight, 2),
        );
      });
    }),
  );
});

test('what is forgotten lazily is forgotten as if at once, also where the gain is taken back', () => {
  // 0.9 to the 2,300th is 1e-105: the gain has been taken back thirty times on the way.
  const memory = 0.9;
  const ridge = ridgeOf(2, 1);
  const random = seededRandom(3);
  const equations = Array.from({ length: 2300 }, () => ({ x: [1, random()], y: random(), weight: 1 }));
  for (const { x, y, weight } of equations) {
    discountRidge(ridge, memory);
    learnRidge(ridge, Float64Array.from(x), Float64Array.of(y), weight);
  }
  solveRidge(ridge);
  closedForm(equations.slice(-400), memory).forEach((weight, i) =>
    expect(ridgeWeight(ridge, 0, i)).toBeCloseTo(weight, 4),
  );
});

test('an input that never moved has no weight, and no equation gives no weights', () => {
  const ridge = ridgeOf(3, 1);
  solveRidge(ridge);
  expect([0, 1, 2].map((i) => ridgeWeight(ridge, 0, i))).toEqual([0, 0, 0]);
  for (let t = 1; t <= 20; t++) learnRidge(ridge, Float64Array.of(t, 0, 1), Float64Array.of(3 * t + 2), 1);
  solveRidge(ridge);
  expect(ridgeWeight(ridge, 0, 1)).toBe(0);
  expect(predictRidge(ridge, 0, Float64Array.of(10, 0, 1))).toBeCloseTo(32, 0);
});

test('equal inputs share their weight', () => {
  const ridge = ridgeOf(2, 1);
  for (let t = 1; t <= 20; t++) learnRidge(ridge, Float64Array.of(t, t), Float64Array.of(t), 1);
  solveRidge(ridge);
  expect(ridgeWeight(ridge, 0, 0)).toBeCloseTo(0.5, 2);
  expect(ridgeWeight(ridge, 0, 1)).toBeCloseTo(0.5, 2);
});

test('sums that are no numbers any more leave the weights as they were', () => {
  const ridge = ridgeOf(1, 1);
  learnRidge(ridge, Float64Array.of(1), Float64Array.of(2), 1);
  solveRidge(ridge);
  const before = ridgeWeight(ridge, 0, 0);
  learnRidge(ridge, Float64Array.of(1e200), Float64Array.of(1), 1);
  solveRidge(ridge);
  expect(ridgeWeight(ridge, 0, 0)).toBe(before);
});

test('discounted equations count only by their share', () => {
  const ridge = ridgeOf(1, 1);
  for (let t = 0; t < 10; t++) learnRidge(ridge, Float64Array.of(1), Float64Array.of(0), 1);
  discountRidge(ridge, 0.1);
  learnRidge(ridge, Float64Array.of(1), Float64Array.of(1), 1);
  solveRidge(ridge);
  expect(ridgeWeight(ridge, 0, 0)).toBeCloseTo(0.5, 3);
});
