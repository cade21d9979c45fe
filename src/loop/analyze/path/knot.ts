import { aggregate } from './aggregation.ts';
import { daySetAt, hoursSetAt } from './climatology.ts';
import { learnLeastSquares } from './least-squares.ts';
import {
  createMixture,
  fillDirect,
  fillExpertQuantiles,
  fillPhaseOfNewest,
  mix,
  pool,
  type Place,
} from './mixture.ts';
import {
  INNER_FROM,
  INNER_TO,
  LAST,
  LEVEL_COUNT,
  PATH_LEVELS,
  PHASE,
  PROFILE,
  REGRESSION,
  SLOT_AWAKE,
  SLOT_FEATURES,
  SLOT_POINTS,
  SLOT_SCALE,
  SMOOTHED,
  WEEK,
  YESTERDAY,
  type PathShape,
} from './path-shape.ts';
import { valueBack, type PathForecaster } from './path-state.ts';
import { learnError, renewQuantiles } from './residual-ring.ts';

/** Forecasts are made from here on. */
export const FIRST_STEP = 12;

const REGRET_MEMORY = 0.998;
const SQUARES_MEMORY = 0.998;
const OFFSET_RATE = 0.02;
const MAX_OFFSET = 3;

const mixture = createMixture();
const regrets = new Float64Array(16);

function slotAt(shape: PathShape, k: number, step: number): number {
  const stride = shape.strides[k] ?? 1;
  const slot = (shape.slotFrom[k] ?? 0) + (Math.floor(step / stride) % (shape.slots[k] ?? 1));
  return shape.at.slots + slot * shape.slotSize;
}

function placeOf(shape: PathShape, k: number): Place {
  return { low: k, high: k, share: 0, horizon: shape.knots[k] ?? 1 };
}

/** Makes knot k's forecast at the newest bin and keeps it; `describeOrigin` was called. */
export function issueKnot(forecaster: PathForecaster, shape: PathShape, k: number): void {
  const { slab, step } = forecaster;
  mix(forecaster, shape, placeOf(shape, k), mixture);
  const { scale, awake, points, features, quantiles } = mixture;
  const slot = slotAt(shape, k, step);
  slab[slot + SLOT_SCALE] = scale;
  slab[slot + SLOT_AWAKE] = awake;
  slab[slot + SLOT_POINTS] = points[WEEK] ?? 0;
  slab[slot + SLOT_POINTS + 1] = points[REGRESSION] ?? 0;
  slab[slot + SLOT_POINTS + 2] = points[PROFILE] ?? 0;
  for (let i = 0; i < shape.features; i++) slab[slot + SLOT_FEATURES + i] = features[i] ?? 0;
  const out = slot + SLOT_FEATURES + shape.features;
  for (let i = 0; i < LEVEL_COUNT; i++) slab[out + i] = quantiles[i] ?? 0;
}

/** No forecast was made at the newest bin: its outcome will teach nothing. */
export function skipKnot({ slab, step }: PathForecaster, shape: PathShape, k: number): void {
  slab[slotAt(shape, k, step) + SLOT_AWAKE] = 0;
}

/** Which knots forecast the newest bin from an origin that was issued: calls `learnKnot` for each. */
export function learnKnots(forecaster: PathForecaster, shape: PathShape): void {
  const { knots, strides } = shape;
  let phaseKnown = -1;
  for (let k = 0; k < knots.length; k++) {
    const from = forecaster.step - (knots[k] ?? 1);
    if (from < FIRST_STEP || from % (strides[k] ?? 1) !== 0) continue;
    const slot = slotAt(shape, k, from);
    if (forecaster.slab[slot + SLOT_AWAKE] === 0) continue;
    if (phaseKnown < 0) phaseKnown = fillPhaseOfNewest(forecaster, shape) ? 1 : 0;
    if (phaseKnown === 0)
      forecaster.slab[slot + SLOT_AWAKE] = (forecaster.slab[slot + SLOT_AWAKE] ?? 0) & ~(1 << PHASE);
    learnKnot(forecaster, shape, k, slot);
  }
}

/** The newest value was forecast by knot k in `slot`. */
function learnKnot(forecaster: PathForecaster, shape: PathShape, k: number, slot: number): void {
  const place = placeOf(shape, k);
  recall(forecaster, shape, place, slot);
  learnWeights(forecaster, shape, k);
  learnOffsets(forecaster, shape, k, slot);
  learnCoefficients(forecaster, shape, k, slot);
  learnRings(forecaster, shape, place);
}

/** The mixture as issued, of today's rings and weights. */
function recall(forecaster: PathForecaster, shape: PathShape, place: Place, slot: number): void {
  const { slab, step } = forecaster;
  const { points } = mixture;
  const { horizon } = place;
  const scale = slab[slot + SLOT_SCALE] ?? 1;
  const before = valueBack(forecaster, shape, horizon);
  mixture.scale = scale;
  mixture.awake = slab[slot + SLOT_AWAKE] ?? 0;
  points[LAST] = before;
  points[SMOOTHED] = before + scale * (slab[slot + SLOT_FEATURES + 3] ?? 0);
  points[YESTERDAY] = before + scale * (slab[slot + SLOT_FEATURES + 5] ?? 0);
  points[WEEK] = slab[slot + SLOT_POINTS] ?? 0;
  points[REGRESSION] = slab[slot + SLOT_POINTS + 1] ?? 0;
  points[PROFILE] = slab[slot + SLOT_POINTS + 2] ?? 0;
  fillExpertQuantiles(forecaster, shape, place, mixture);
  const origin = step - horizon;
  fillDirect(slab, mixture, daySetAt(shape, origin), hoursSetAt(shape, origin, horizon));
  pool(forecaster, shape, place, mixture);
}

function learnWeights({ slab, newest: z }: PathForecaster, shape: PathShape, k: number): void {
  const { experts, groups, groupOf, at } = shape;
  const { awake, scale, expertQuantiles, pooled } = mixture;
  for (let group = 0; group < groups; group++) {
    for (let e = 0; e < experts.length; e++) regrets[e] = 0;
    for (let i = INNER_FROM; i < INNER_TO; i++) {
      if (groupOf[i] !== group) continue;
      const c = pooled[i] ?? 0;
      const slope = ((z < c ? 1 : 0) - (PATH_LEVELS[i] ?? 0)) / scale;
      for (let e = 0; e < experts.length; e++) {
        const expert = experts[e] ?? 0;
        if (((awake >> expert) & 1) === 0) continue;
        regrets[e] = (regrets[e] ?? 0) + slope * (c - (expertQuantiles[expert * LEVEL_COUNT + i] ?? 0));
      }
    }
    const from = (k * groups + group) * experts.length;
    aggregate(
      {
        slab,
        weights: at.weights + from,
        regret: at.regret + from,
        variance: at.variance + from,
        range: at.range + from,
        experts: experts.length,
      },
      regrets,
      REGRET_MEMORY,
    );
  }
}

/** Each level follows its own frequency (online quantile tracking, Gibbs and Candès, NeurIPS 2021). */
function learnOffsets(
  { slab, newest: z }: PathForecaster,
  { at, features }: PathShape,
  k: number,
  slot: number,
): void {
  const issued = slot + SLOT_FEATURES + features;
  const offsets = at.offsets + k * LEVEL_COUNT;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const quantile = slab[issued + i] ?? 0;
    if (z === quantile) continue;
    const moved = (slab[offsets + i] ?? 0) + OFFSET_RATE * ((PATH_LEVELS[i] ?? 0) - (z < quantile ? 1 : 0));
    slab[offsets + i] = Math.min(MAX_OFFSET, Math.max(-MAX_OFFSET, moved));
  }
}

function learnCoefficients(
  { slab, precise, newest: z }: PathForecaster,
  shape: PathShape,
  k: number,
  slot: number,
): void {
  const { features: size, preciseSize, at } = shape;
  const x = slot + SLOT_FEATURES;
  const y = (z - (mixture.points[LAST] ?? 0)) / mixture.scale;
  learnLeastSquares(
    { values: precise, from: k * preciseSize, size },
    { x: slab, xFrom: x, y, memory: SQUARES_MEMORY },
  );
  learnTrust(slab, at.trust + 4 * k, slab[x + 1] ?? 0, y - (slab[x + 2] ?? 0));
  if (size > 7) learnTrust(slab, at.trust + 4 * k + 2, slab[x + 7] ?? 0, y - (slab[x + 8] ?? 0));
}

function learnTrust(slab: Float32Array, from: number, dx: number, dy: number): void {
  slab[from] = 0.998 * (slab[from] ?? 0) + dx * dx;
  slab[from + 1] = 0.998 * (slab[from + 1] ?? 0) + dx * dy;
}

function learnRings(forecaster: PathForecaster, shape: PathShape, { low: k, horizon }: Place): void {
  const { experts, rings } = shape;
  const { awake, points, scale } = mixture;
  for (let e = 0; e < rings; e++) {
    const expert = experts[e] ?? 0;
    if (((awake >> expert) & 1) === 0) continue;
    const ring = k * rings + e;
    learnError(forecaster, shape, ring, (forecaster.newest - (points[expert] ?? 0)) / scale);
    renewQuantiles(forecaster, shape, ring, horizon);
  }
}
