import { hoursSetAt } from './climatology.ts';
import { consultExperts } from './experts.ts';
import type { Mixture, Place } from './mixture.ts';
import { HOURS, LEVEL_COUNT, MEDIAN, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

/** Mean error to expect: short horizons follow the last hour, long ones the last days. */
function errorScale({ fastError, slowError, mean }: PathForecaster, horizon: number): number {
  const share = 0.6 * Math.exp(-horizon / 72);
  const slow = slowError + 1e-9;
  const ratio = (fastError + 1e-9 + 0.02 * slowError) / slow;
  return slow * ratio ** share + 1e-6 * Math.abs(mean) + 1e-9;
}

/** All of a forecast at `place`; `describeOrigin` was called for this step. */
export function mix(forecaster: PathForecaster, shape: PathShape, place: Place, out: Mixture): void {
  out.scale = errorScale(forecaster, place.horizon);
  consultExperts(forecaster, shape, place, out);
  fillExpertQuantiles(forecaster, shape, place, out);
  fillHours(forecaster.slab, hoursSetAt(shape, forecaster.step, place.horizon), out);
  pool(forecaster, shape, place, out);
  finish(forecaster, shape, place, out);
}

/** Point experts: their points and the quantiles of their past errors. */
export function fillExpertQuantiles(
  { slab }: PathForecaster,
  { experts, rings, at }: PathShape,
  { low, high, share }: Place,
  { awake, points, scale, expertQuantiles }: Mixture,
): void {
  for (let e = 0; e < rings; e++) {
    const expert = experts[e] ?? 0;
    if (((awake >> expert) & 1) === 0) continue;
    const point = points[expert] ?? 0;
    const near = at.ringQuantiles + (low * rings + e) * LEVEL_COUNT;
    const far = at.ringQuantiles + (high * rings + e) * LEVEL_COUNT;
    const out = expert * LEVEL_COUNT;
    for (let i = 0; i < LEVEL_COUNT; i++) {
      const error = slab[near + i] ?? 0;
      expertQuantiles[out + i] =
        point + scale * (share === 0 ? error : error + share * ((slab[far + i] ?? 0) - error));
    }
  }
}

/** The quantiles of the last hours that are kept at `from`. */
export function fillHours(slab: Float32Array, from: number, { expertQuantiles }: Mixture): void {
  for (let i = 0; i < LEVEL_COUNT; i++) expertQuantiles[HOURS * LEVEL_COUNT + i] = slab[from + i] ?? 0;
}

/** Weighted mean of the awake experts' quantiles, level by level. */
export function pool(forecaster: PathForecaster, shape: PathShape, place: Place, mixture: Mixture): void {
  for (let group = 0; group < shape.groups; group++) poolGroup(forecaster, shape, place, { group, mixture });
}

function poolGroup(
  { slab }: PathForecaster,
  { experts, groups, groupFrom, at }: PathShape,
  place: Place,
  { group, mixture }: { group: number; mixture: Mixture },
): void {
  const { awake, expertQuantiles, pooled } = mixture;
  const count = experts.length;
  const near = at.weights + (place.low * groups + group) * count;
  const far = at.weights + (place.high * groups + group) * count;
  const from = groupFrom[group] ?? 0;
  const to = groupFrom[group + 1] ?? 0;
  let sum = 0;
  for (let i = from; i < to; i++) pooled[i] = 0;
  for (let e = 0; e < count; e++) {
    const expert = experts[e] ?? 0;
    if (((awake >> expert) & 1) === 0) continue;
    let weight = slab[near + e] ?? 0;
    if (place.share > 0) weight += place.share * ((slab[far + e] ?? 0) - weight);
    sum += weight;
    addScaled(pooled, expertQuantiles, expert * LEVEL_COUNT, { from, to, weight });
  }
  for (let i = from; i < to; i++) pooled[i] = (pooled[i] ?? 0) / sum;
}

function addScaled(
  sum: Float64Array,
  values: Float64Array,
  at: number,
  { from, to, weight }: { from: number; to: number; weight: number },
): void {
  for (let i = from; i < to; i++) sum[i] = (sum[i] ?? 0) + weight * (values[at + i] ?? 0);
}

/** Demand may exceed its record, but hardly more than twice: asinh(2x) − asinh(x) → 0.69. */
const BEYOND_RECORD = 0.7;

/** Learned offsets, the width after a revision, bounds, and no crossing of levels. */
function finish(forecaster: PathForecaster, { at }: PathShape, place: Place, out: Mixture): void {
  const { slab, widening } = forecaster;
  const { pooled, quantiles, scale } = out;
  const near = at.offsets + place.low * LEVEL_COUNT;
  const far = at.offsets + place.high * LEVEL_COUNT;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    let offset = slab[near + i] ?? 0;
    if (place.share > 0) offset += place.share * ((slab[far + i] ?? 0) - offset);
    quantiles[i] = (pooled[i] ?? 0) + offset * scale;
  }
  const median = quantiles[MEDIAN] ?? 0;
  const most = forecaster.record + BEYOND_RECORD;
  let before = 0;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const quantile = quantiles[i] ?? 0;
    before = Math.max(before, Math.min(most, quantile + widening * (quantile - median)));
    quantiles[i] = before;
  }
}
