import { LEVEL_COUNT, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';
import { renewQuantiles } from './residual-ring.ts';
import { UNKNOWN_BLOCK } from './week-blocks.ts';

/** The smallest variance and range of a regret: nothing is divided by zero. */
const LEAST_REGRET = 1e-8;
const LEAST_TRUST = 1e-9;

/** Forgets every value and all that was learned from them; the scale, the open bin and the time stay. */
export function forgetAll(forecaster: PathForecaster, shape: PathShape): void {
  const { slab } = forecaster;
  const { at } = shape;
  slab.fill(0);
  slab.fill(NaN, at.history, at.history + shape.historyBins);
  slab.fill(NaN, at.profile, at.profile + shape.profileBins);
  forecaster.week.fill(UNKNOWN_BLOCK);
  forgetLearned(forecaster, shape);
  Object.assign(forecaster, START);
}

/** Forgets errors, weights and coefficients; the values stay. */
export function forgetLearned(forecaster: PathForecaster, shape: PathShape): void {
  const { slab, precise, order } = forecaster;
  const { at, knots, groups, experts, features, preciseSize } = shape;
  precise.fill(0);
  order.fill(0);
  const learned = knots.length * groups * experts.length;
  slab.fill(1 / experts.length, at.weights, at.weights + learned);
  slab.fill(0, at.regret, at.regret + learned);
  slab.fill(LEAST_REGRET, at.variance, at.variance + learned);
  slab.fill(LEAST_REGRET, at.range, at.range + learned);
  slab.fill(0, at.offsets, at.offsets + knots.length * LEVEL_COUNT);
  slab.fill(LEAST_TRUST, at.trust, at.trust + 4 * knots.length);
  for (const [k, knot] of knots.entries()) {
    for (let i = 0; i < features; i++) precise[k * preciseSize + (i * (i + 3)) / 2] = 1;
    for (let e = 0; e < shape.rings; e++) renewQuantiles(forecaster, shape, k * shape.rings + e, knot);
  }
}

const START = {
  step: -1,
  known: 0,
  head: -1,
  newest: NaN,
  level: 0,
  slowLevel: 0,
  mean: 0,
  record: 0,
  fastError: 0,
  slowError: 0,
  errors: 0,
  blockSum: 0,
  blockCount: 0,
};
