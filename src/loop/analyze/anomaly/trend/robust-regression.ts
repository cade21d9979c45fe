import { inflation } from './theil-sen.ts';

/** A linear fit by Huber's M-estimator: y = Σ coefficients[k] · columns[k]. */
export interface RobustFit {
  readonly coefficients: readonly number[];
  /** Standard error of the coefficient of `column`, widened for residuals that resemble their neighbours. */
  readonly errorOf: (column: number) => number;
  /** Mean of the squared residuals, each bounded by Huber's constant: what models of the same points are compared by. */
  readonly loss: number;
  readonly residuals: Float64Array;
  /** So many independent points say as much as these. */
  readonly effectivePoints: number;
}

/** 95 % efficient when the noise is normal (Huber 1964). */
const HUBER = 1.345;
const ITERATIONS = 6;
/** Median of |normal| in standard deviations. */
const NORMAL_MEDIAN = 0.6745;
/** Relative to the largest diagonal: below it, the columns say the same thing. */
const SINGULAR = 1e-9;

/** Undefined when the columns cannot be told apart by the points. All numbers must be finite. `scale` is found when not given; with Infinity it is least squares. */
export function robustRegression(
  columns: readonly Float64Array[],
  y: Float64Array,
  scale?: number,
): RobustFit | undefined {
  const weights = new Float64Array(y.length).fill(1);
  const residuals = new Float64Array(y.length);
  let sigma = scale ?? NaN;
  let solved: { coefficients: number[]; inverse: number[][] } | undefined;
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    solved = solve(columns, y, weights);
    if (solved === undefined) return undefined;
    for (let i = 0; i < y.length; i += 1)
      residuals[i] = (y[i] ?? NaN) - predict(columns, solved.coefficients, i);
    if (scale === undefined) sigma = deviationOf(residuals);
    if (!(sigma > 0 && sigma < Infinity)) break;
    reweigh(weights, residuals, sigma);
  }
  if (solved === undefined) return undefined;
  const { coefficients, inverse } = solved;
  const loss = huberLoss(residuals, sigma);
  const widened = inflation(residuals);
  const degrees = Math.max(1, y.length - columns.length);
  const variance = ((loss * y.length) / degrees) * widened;
  return {
    coefficients,
    errorOf: (column) => Math.sqrt(variance * (inverse[column]?.[column] ?? NaN)),
    loss,
    residuals,
    effectivePoints: Math.max(3, y.length / widened),
  };
}

function reweigh(weights: Float64Array, residuals: Float64Array, sigma: number): void {
  for (let i = 0; i < weights.length; i += 1) {
    const size = Math.abs(residuals[i] ?? NaN) / sigma;
    weights[i] = size > HUBER ? HUBER / size : 1;
  }
}

function predict(columns: readonly Float64Array[], coefficients: readonly number[], at: number): number {
  let sum = 0;
  for (let k = 0; k < columns.length; k += 1) sum += (coefficients[k] ?? NaN) * (columns[k]?.[at] ?? NaN);
  return sum;
}

/** From the median of the absolute residuals. */
function deviationOf(residuals: Float64Array): number {
  const sizes = residuals.map(Math.abs).sort();
  return (sizes[sizes.length >> 1] ?? NaN) / NORMAL_MEDIAN;
}

function huberLoss(residuals: Float64Array, sigma: number): number {
  const bound = HUBER * sigma;
  let sum = 0;
  for (const residual of residuals) {
    const size = Math.abs(residual);
    sum += size > bound ? bound * (2 * size - bound) : size * size;
  }
  return sum / residuals.length;
}

function solve(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
): { coefficients: number[]; inverse: number[][] } | undefined {
  const normal = columns.map((a) => columns.map((b) => weighted(a, b, weights)));
  const inverse = invert(normal);
  if (inverse === undefined) return undefined;
  const moments = columns.map((column) => weighted(column, y, weights));
  const coefficients = inverse.map((row) =>
    row.reduce((sum, value, k) => sum + value * (moments[k] ?? NaN), 0),
  );
  return { coefficients, inverse };
}

function weighted(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (weights[i] ?? NaN) * (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum;
}

/** Gauss and Jordan, without exchanging rows: the matrix is a Gram matrix. */
function invert(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
  for (const [pivot, row] of rows.entries()) {
    const head = row[pivot] ?? NaN;
    if (!(head > SINGULAR * (matrix[pivot]?.[pivot] ?? NaN))) return undefined;
    for (let k = 0; k < 2 * size; k += 1) row[k] = (row[k] ?? NaN) / head;
    for (const other of rows) if (other !== row) subtract(other, row, other[pivot] ?? NaN);
  }
  return rows.map((row) => row.slice(size));
}

function subtract(target: number[], row: readonly number[], factor: number): void {
  for (const [k, value] of row.entries()) target[k] = (target[k] ?? NaN) - factor * value;
}
