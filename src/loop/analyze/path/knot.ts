import { countAccuracy } from './accuracy.ts';
import { aggregate } from './aggregation.ts';
import { hoursSetAt } from './climatology.ts';
import { WEEKLY, YESTERDAY_FEATURE } from './experts.ts';
import { learnLeastSquares } from './least-squares.ts';
import { fillExpertQuantiles, fillHours, mix, pool } from './mix.ts';
import { createMixture, type Place } from './mixture.ts';
import {
  AGGREGATION,
  CALIBRATION,
  INNER_FROM,
  INNER_TO,
  LAST,
  LEVEL_COUNT,
  MEDIAN,
  PATH_LEVELS,
  PHASE,
  PROFILE,
  REGRESSION,
  SHIFTED,
  SLOT_AWAKE,
  SLOT_FEATURES,
  SLOT_BEFORE,
  SLOT_ISSUED,
  SLOT_PROFILE,
  SLOT_REGRESSION,
  SLOT_WEEK,
  SLOT_SCALE,
  SMOOTHED,
  WEEK,
  YESTERDAY,
  type PathShape,
} from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';
import { learnError, renewQuantiles } from './residual-ring.ts';
import { fillPhase } from './time-of-day.ts';

/** Forecasts are made from here on. */
export const FIRST_STEP = 12;

/** What one outcome leaves of the past. */
const MEMORY = 0.998;
/** The same after a revision of the workload: what was learned before it counts a tenth after a day at most. */
const REVISED_MEMORY = 0.99;
/** The upper tail's outcomes are rare and far out: it moves farther on each, and less would not reach them. */
const OFFSET_RATES = PATH_LEVELS.map(
  (level) => ({ 0.95: 0.04, 0.975: 0.1, 0.99: 0.25 })[String(level)] ?? 0.014,
);
const MAX_OFFSETS = PATH_LEVELS.map((level) => (level > 0.9 ? 30 : 3));

const mixture = createMixture();
const TIME_OF_DAY = (1 << PHASE) | (1 << SHIFTED);

const phaseQuantiles = new Float64Array(LEVEL_COUNT);
const slopes = new Float64Array(LEVEL_COUNT);
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
  const { scale, awake, points, features, quantiles, expertQuantiles } = mixture;
  const slot = slotAt(shape, k, step);
  slab[slot + SLOT_SCALE] = scale;
  slab[slot + SLOT_AWAKE] = awake;
  slab[slot + SLOT_BEFORE] = forecaster.newest;
  slab[slot + SLOT_WEEK] = points[WEEK] ?? 0;
  slab[slot + SLOT_REGRESSION] = points[REGRESSION] ?? 0;
  slab[slot + SLOT_PROFILE] = points[PROFILE] ?? 0;
  slab[slot + SLOT_ISSUED] = quantiles[INNER_FROM] ?? 0;
  slab[slot + SLOT_ISSUED + 1] = quantiles[MEDIAN] ?? 0;
  slab[slot + SLOT_ISSUED + 2] = quantiles[INNER_TO - 1] ?? 0;
  for (let i = 0; i < shape.features; i++) slab[slot + SLOT_FEATURES + i] = features[i] ?? 0;
  if (!shape.keepsPhase || (awake & TIME_OF_DAY) === 0) return;
  const kept = slot + SLOT_FEATURES + shape.features;
  copyQuantiles(expertQuantiles, PHASE * LEVEL_COUNT, slab, kept);
  copyQuantiles(expertQuantiles, SHIFTED * LEVEL_COUNT, slab, kept + LEVEL_COUNT);
}

function copyQuantiles(
  from: Float32Array | Float64Array,
  fromAt: number,
  to: Float32Array | Float64Array,
  toAt: number,
): void {
  for (let i = 0; i < LEVEL_COUNT; i++) to[toAt + i] = from[fromAt + i] ?? 0;
}

/** Into the mixture: the quantiles of the newest bin's time of day, as all origins knew them. False when unknown. */
function recallPhase(forecaster: PathForecaster, shape: PathShape): boolean {
  if (!fillPhase(forecaster, shape, 0, phaseQuantiles)) return false;
  mixture.expertQuantiles.set(phaseQuantiles, PHASE * LEVEL_COUNT);
  return true;
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
    if (phaseKnown < 0) phaseKnown = shape.keepsPhase || recallPhase(forecaster, shape) ? 1 : 0;
    if (phaseKnown === 0)
      forecaster.slab[slot + SLOT_AWAKE] = (forecaster.slab[slot + SLOT_AWAKE] ?? 0) & ~(1 << PHASE);
    learnKnot(forecaster, shape, k, slot);
  }
}

/** The newest value was forecast by knot k in `slot`. */
function learnKnot(forecaster: PathForecaster, shape: PathShape, k: number, slot: number): void {
  const place = placeOf(shape, k);
  recall(forecaster, shape, place, slot);
  learnAccuracy(forecaster, shape, k, slot);
  if (((forecaster.leftOut >> AGGREGATION) & 1) === 0) learnWeights(forecaster, shape, k);
  if (((forecaster.leftOut >> CALIBRATION) & 1) === 0) learnOffsets(forecaster, shape, k);
  learnCoefficients(forecaster, shape, k, slot);
  learnRings(forecaster, shape, place);
}

/** The mixture as issued, of today's rings and weights. */
function recall(forecaster: PathForecaster, shape: PathShape, place: Place, slot: number): void {
  const { slab, step } = forecaster;
  const { points } = mixture;
  const { horizon } = place;
  const scale = slab[slot + SLOT_SCALE] ?? 1;
  const before = slab[slot + SLOT_BEFORE] ?? 0;
  mixture.scale = scale;
  mixture.awake = slab[slot + SLOT_AWAKE] ?? 0;
  points[LAST] = before;
  points[SMOOTHED] = before + scale * (slab[slot + SLOT_FEATURES + 3] ?? 0);
  points[YESTERDAY] = before + scale * (slab[slot + SLOT_FEATURES + YESTERDAY_FEATURE] ?? 0);
  points[WEEK] = slab[slot + SLOT_WEEK] ?? 0;
  points[REGRESSION] = slab[slot + SLOT_REGRESSION] ?? 0;
  points[PROFILE] = slab[slot + SLOT_PROFILE] ?? 0;
  fillExpertQuantiles(forecaster, shape, place, mixture);
  fillHours(slab, hoursSetAt(shape, step - horizon, horizon), mixture);
  if (shape.keepsPhase) {
    const kept = slot + SLOT_FEATURES + shape.features;
    copyQuantiles(slab, kept, mixture.expertQuantiles, PHASE * LEVEL_COUNT);
    copyQuantiles(slab, kept + LEVEL_COUNT, mixture.expertQuantiles, SHIFTED * LEVEL_COUNT);
  }
  pool(forecaster, shape, place, mixture);
}

/** Counts how the forecast as issued did, beside the quantiles of this time of day. */
function learnAccuracy({ slab, newest: z }: PathForecaster, shape: PathShape, k: number, slot: number): void {
  const { awake, expertQuantiles } = mixture;
  const issued = slot + SLOT_ISSUED;
  if (((awake >> PHASE) & 1) === 0) return;
  let loss = 0;
  for (let i = 0; i < 3; i++) loss += quantileLoss(z - (slab[issued + i] ?? 0), ISSUED_LEVELS[i] ?? 0.5);
  const lower = slab[issued] ?? 0;
  const upper = slab[issued + 2] ?? 0;
  const weekAwake = ((awake >> WEEK) & 1) === 1;
  countAccuracy(slab, shape, k, {
    loss,
    yardstick: lossOf(expertQuantiles, PHASE, z),
    covered: coveredPart(z, lower, upper),
    week: weekAwake ? lossOf(expertQuantiles, WEEK, z) : 0,
    profile: weekAwake ? lossOf(expertQuantiles, PROFILE, z) : 0,
  });
}

/** The issued levels that are kept. */
const ISSUED_LEVELS = [0.1, 0.5, 0.9] as const;
const ISSUED_PLACES = [INNER_FROM, MEDIAN, INNER_TO - 1] as const;

function lossOf(expertQuantiles: Float64Array, expert: number, z: number): number {
  let loss = 0;
  for (let i = 0; i < 3; i++) {
    const quantile = expertQuantiles[expert * LEVEL_COUNT + (ISSUED_PLACES[i] ?? 0)] ?? 0;
    loss += quantileLoss(z - quantile, ISSUED_LEVELS[i] ?? 0.5);
  }
  return loss;
}

function quantileLoss(above: number, level: number): number {
  return above > 0 ? level * above : (level - 1) * above;
}

/** An interval that is one value covers it as often as it should. */
function coveredPart(z: number, lower: number, upper: number): number {
  if (lower === upper && z === lower) return 0.8;
  return z >= lower && z <= upper ? 1 : 0;
}

function learnWeights(forecaster: PathForecaster, shape: PathShape, k: number): void {
  const { experts, groups, at } = shape;
  const { slab } = forecaster;
  for (let group = 0; group < groups; group++) {
    fillRegrets(forecaster.newest, shape, group);
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
      memoryOf(forecaster),
    );
  }
}

/** How much each expert's quantiles of one group would have lowered the loss, by its slope at the pooled quantile. */
function fillRegrets(z: number, { experts, groupFrom }: PathShape, group: number): void {
  const { awake, scale, pooled } = mixture;
  const from = Math.max(INNER_FROM, groupFrom[group] ?? 0);
  const to = Math.min(INNER_TO, groupFrom[group + 1] ?? 0);
  for (let i = from; i < to; i++)
    slopes[i] = ((z < (pooled[i] ?? 0) ? 1 : 0) - (PATH_LEVELS[i] ?? 0)) / scale;
  for (let e = 0; e < experts.length; e++) {
    const expert = experts[e] ?? 0;
    regrets[e] = ((awake >> expert) & 1) === 1 ? regretOf(expert * LEVEL_COUNT, from, to) : 0;
  }
}

function regretOf(at: number, from: number, to: number): number {
  const { expertQuantiles, pooled } = mixture;
  let sum = 0;
  for (let i = from; i < to; i++)
    sum += (slopes[i] ?? 0) * ((pooled[i] ?? 0) - (expertQuantiles[at + i] ?? 0));
  return sum;
}

/**
 * Each level follows its own frequency (online quantile tracking, Gibbs and Candès, NeurIPS 2021). It is measured
 * against today's offset and not the issued one: with the delay of a long horizon offsets would swing.
 */
function learnOffsets({ slab, newest: z }: PathForecaster, { at }: PathShape, k: number): void {
  const { pooled, scale } = mixture;
  const offsets = at.offsets + k * LEVEL_COUNT;
  for (let i = 0; i < LEVEL_COUNT; i++) {
    const offset = slab[offsets + i] ?? 0;
    const quantile = (pooled[i] ?? 0) + offset * scale;
    if (z === quantile) continue;
    const moved = offset + (OFFSET_RATES[i] ?? 0) * ((PATH_LEVELS[i] ?? 0) - (z < quantile ? 1 : 0));
    const most = MAX_OFFSETS[i] ?? 0;
    slab[offsets + i] = Math.min(most, Math.max(-most, moved));
  }
}

function memoryOf({ widening }: PathForecaster): number {
  return widening > 0 ? REVISED_MEMORY : MEMORY;
}

function learnCoefficients(forecaster: PathForecaster, shape: PathShape, k: number, slot: number): void {
  const { slab, precise, newest: z } = forecaster;
  const { features: size, preciseSize, at } = shape;
  const x = slot + SLOT_FEATURES;
  const y = (z - (mixture.points[LAST] ?? 0)) / mixture.scale;
  learnLeastSquares(
    { values: precise, from: k * preciseSize, size },
    { x: slab, xFrom: x, y, memory: memoryOf(forecaster) },
  );
  learnTrust(slab, at.trust + 4 * k, slab[x + 1] ?? 0, y - (slab[x + 2] ?? 0));
  if (size > WEEKLY)
    learnTrust(slab, at.trust + 4 * k + 2, slab[x + WEEKLY] ?? 0, y - (slab[x + WEEKLY + 1] ?? 0));
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
