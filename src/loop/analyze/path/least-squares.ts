/**
 * Recursive least squares on one knot's numbers: the covariance's lower triangle row by row, then the coefficients
 * (Ljung, System Identification, §11.2, with exponential forgetting).
 */
export interface LeastSquares {
  readonly values: Float64Array;
  readonly from: number;
  readonly size: number;
}

/** A single error counts at most so many scales: one burst must not turn the coefficients over. */
const CLIP = 4;
/** Without excitation the covariance would grow without bound under forgetting. */
const MAX_TRACE = 50;

const gains = new Float64Array(16);

export function predictLeastSquares(
  { values, from, size }: LeastSquares,
  x: Float32Array | Float64Array,
  xFrom: number,
): number {
  const coefficients = from + (size * (size + 1)) / 2;
  let sum = 0;
  for (let i = 0; i < size; i++) sum += (values[coefficients + i] ?? 0) * (x[xFrom + i] ?? 0);
  return sum;
}

/** Learns that the inputs at `xFrom` were followed by `y`; `memory` is what one step leaves of the past. */
export function learnLeastSquares(
  squares: LeastSquares,
  { x, xFrom, y, memory }: { x: Float32Array; xFrom: number; y: number; memory: number },
): void {
  const { values, from, size } = squares;
  fillGains(squares, x, xFrom);
  let divisor = memory;
  for (let i = 0; i < size; i++) divisor += (gains[i] ?? 0) * (x[xFrom + i] ?? 0);
  const error = y - predictLeastSquares(squares, x, xFrom);
  const step = Math.min(CLIP, Math.max(-CLIP, error)) / divisor;
  const coefficients = from + (size * (size + 1)) / 2;
  for (let i = 0; i < size; i++) {
    values[coefficients + i] = (values[coefficients + i] ?? 0) + step * (gains[i] ?? 0);
  }
  shrink(squares, divisor, memory);
}

/** The covariance times the inputs. */
function fillGains({ values, from, size }: LeastSquares, x: Float32Array, xFrom: number): void {
  let place = from;
  for (let i = 0; i < size; i++) {
    const input = x[xFrom + i] ?? 0;
    let sum = 0;
    for (let j = 0; j < i; j++, place++) {
      const entry = values[place] ?? 0;
      sum += entry * (x[xFrom + j] ?? 0);
      gains[j] = (gains[j] ?? 0) + entry * input;
    }
    gains[i] = sum + (values[place++] ?? 0) * input;
  }
}

function shrink({ values, from, size }: LeastSquares, divisor: number, memory: number): void {
  const grow = 1 / memory;
  let place = from;
  let trace = 0;
  for (let i = 0; i < size; i++) {
    const gain = (gains[i] ?? 0) / divisor;
    for (let j = 0; j <= i; j++, place++)
      values[place] = ((values[place] ?? 0) - gain * (gains[j] ?? 0)) * grow;
    trace += values[place - 1] ?? 0;
  }
  if (trace <= MAX_TRACE) return;
  const scale = MAX_TRACE / trace;
  for (let i = from; i < place; i++) values[i] = (values[i] ?? 0) * scale;
}
