/** Lags looked at, rows looked at, and the least lag: as the published metric has them. */
const LAGS = 400;
const MOST_ROWS = 20_000;
const LEAST_LAG = 3;
const LONGEST = 300;
const DEFAULT = 125;

/**
 * Length of the window of VUS: the lag of the highest peak of the autocorrelation, 125 when there is none from 6 to
 * 303 rows (find_length_rank of TSB-AD, Liu and Paparrizos, NeurIPS 2024).
 */
export function vusPeriod(series: Float64Array): number {
  const correlation = autocorrelation(series.subarray(0, MOST_ROWS));
  let best = -1;
  for (let i = 1; i + 1 < correlation.length; i++) {
    const here = correlation[i] ?? 0;
    const peak = here > (correlation[i - 1] ?? 0) && here > (correlation[i + 1] ?? 0);
    if (peak && (best < 0 || here >= (correlation[best] ?? 0))) best = i;
  }
  // The bounds are of the place in the shortened array: that is how the metric's windows came to be.
  return best < LEAST_LAG || best > LONGEST ? DEFAULT : best + LEAST_LAG;
}

/** From lag 3 on. */
function autocorrelation(series: Float64Array): Float64Array {
  const n = series.length;
  const mean = series.reduce((sum, value) => sum + value, 0) / n;
  const centred = series.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0);
  const lags = Math.min(LAGS, n - 1);
  return Float64Array.from({ length: Math.max(0, lags - LEAST_LAG + 1) }, (_, i) => {
    const lag = i + LEAST_LAG;
    let sum = 0;
    for (let row = lag; row < n; row++) sum += (centred[row] ?? 0) * (centred[row - lag] ?? 0);
    return sum / variance;
  });
}
