/** What one forecast is made of, in scaled units. Filled anew by each call; nothing outlives it. */
export interface Mixture {
  scale: number;
  /** Bit e: the expert with index e takes part. */
  awake: number;
  readonly features: Float64Array;
  /** Of the point experts, by index. */
  readonly points: Float64Array;
  /** Quantiles of expert e from e · LEVEL_COUNT. */
  readonly expertQuantiles: Float64Array;
  /** Before the learned offset, and after it, sorted and within bounds. */
  readonly pooled: Float64Array;
  readonly quantiles: Float64Array;
}

export function createMixture(): Mixture {
  return {
    scale: 0,
    awake: 0,
    features: new Float64Array(16),
    points: new Float64Array(POINT_EXPERTS),
    expertQuantiles: new Float64Array(PATH_EXPERTS.length * LEVEL_COUNT),
    pooled: new Float64Array(LEVEL_COUNT),
    quantiles: new Float64Array(LEVEL_COUNT),
  };
}

/** All of a forecast at `place`; `describeOrigin` was called for this step. */
export function mix(forecaster: PathForecaster, shape: PathShape, place: Place, out: Mixture): void {
  out.scale = errorScale(forecaster, place.horizon);
  const phased =
    origin.season &&
    ((shape.mask >> PHASE) & 1) === 1 &&
    fillPhase(forecaster, shape, -place.horizon, phaseQuantiles);
  const profile = profileFor(forecaster, shape, place.horizon, phased);
  fillPoints(forecaster, shape, place, { profile, out });
  if (phased) out.awake |= 1 << PHASE;
  fillExpertQuantiles(forecaster, shape, place, out);
  const { slab, step } = forecaster;
  fillDirect(slab, out, daySetAt(shape, step), hoursSetAt(shape, step, place.horizon));
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

/** Direct experts; the quantiles of this time of day are where `phaseScratch` left them. */
export function fillDirect(
  slab: Float32Array,
  { awake, expertQuantiles }: Mixture,
  day: number,
  hours: number,
): void {
  const phaseAwake = ((awake >> PHASE) & 1) === 1;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    expertQuantiles[DAY * LEVEL_COUNT + i] = slab[day + i] ?? 0;
    expertQuantiles[HOURS * LEVEL_COUNT + i] = slab[hours + i] ?? 0;
    if (phaseAwake) expertQuantiles[PHASE * LEVEL_COUNT + i] = phaseQuantiles[i] ?? 0;
  }
}

/** For scoring: the quantiles of the newest bin's time of day, as all origins knew them. */
export function fillPhaseOfNewest(forecaster: PathForecaster, shape: PathShape): boolean {
  return ((shape.mask >> PHASE) & 1) === 1 && fillPhase(forecaster, shape, 0, phaseQuantiles);
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
