import { seededRandom } from '../../../simulate/random.ts';
import { learnLeastSquares, predictLeastSquares, type LeastSquares } from './least-squares.ts';

function fresh(size: number): LeastSquares {
  const values = new Float64Array((size * (size + 1)) / 2 + size);
  for (let i = 0; i < size; i++) values[(i * (i + 3)) / 2] = 1;
  return { values, from: 0, size };
}

test('recursive least squares find the coefficients of a linear relation', () => {
  const random = seededRandom(1);
  const squares = fresh(3);
  for (let t = 0; t < 500; t++) {
    const x = Float32Array.from([1, random() - 0.5, random() - 0.5]);
    learnLeastSquares(squares, { x, xFrom: 0, y: 0.5 + x[1]! - 2 * x[2]!, memory: 0.998 });
  }
  expect(predictLeastSquares(squares, Float64Array.of(1, 0.2, 0.1), 0)).toBeCloseTo(0.5, 2);
});

test('a step equals its textbook form with a full matrix', () => {
  const random = seededRandom(2);
  const size = 4;
  const squares = fresh(size);
  let covariance: number[][] = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)),
  );
  const beta: number[] = Array.from({ length: size }, () => 0);
  for (let t = 0; t < 60; t++) {
    const x = Float32Array.from({ length: size }, () => random() - 0.5);
    const y = random();
    const gain = covariance.map((row) => row.reduce((sum, entry, j) => sum + entry * x[j]!, 0));
    const divisor = 0.99 + gain.reduce((sum, entry, i) => sum + entry * x[i]!, 0);
    const error = y - beta.reduce((sum, each, i) => sum + each * x[i]!, 0);
    gain.forEach((entry, i) => (beta[i]! += (entry / divisor) * error));
    covariance = covariance.map((row, i) =>
      row.map((entry, j) => (entry - (gain[i]! * gain[j]!) / divisor) / 0.99),
    );
    learnLeastSquares(squares, { x, xFrom: 0, y, memory: 0.99 });
  }
  beta.forEach((expected, i) => expect(squares.values[10 + i]).toBeCloseTo(expected, 9));
});
