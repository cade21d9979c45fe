/** The last few values. */
export interface RollingWindow {
  readonly values: Float64Array;
  next: number;
  size: number;
  sum: number;
}

export function createRollingWindow(length: number): RollingWindow {
  return { values: new Float64Array(length), next: 0, size: 0, sum: 0 };
}

/** Mean of the last values, this one included. */
export function rollingMean(window: RollingWindow, value: number): number {
  return push(window, value) / window.size;
}

/** Standard deviation of the last values, this one included: both passes, as a running one loses small deviations. */
export function rollingDeviation(window: RollingWindow, value: number): number {
  push(window, value);
  const { values, size } = window;
  let total = 0;
  for (let i = 0; i < size; i++) total += values[i] ?? 0;
  const mean = total / size;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const deviation = (values[i] ?? 0) - mean;
    squares += deviation * deviation;
  }
  return Math.sqrt(squares / size);
}

/** @returns the sum of the values kept */
function push(window: RollingWindow, value: number): number {
  const { values, next } = window;
  if (window.size < values.length) window.size++;
  else window.sum -= values[next] ?? 0;
  window.sum += value;
  values[next] = value;
  window.next = next + 1 === values.length ? 0 : next + 1;
  return window.sum;
}
