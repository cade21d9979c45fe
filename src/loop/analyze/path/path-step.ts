import { renewClimatologies } from './climatology.ts';
import { renewProfile } from './daily-profile.ts';
import { countBlock } from './week-blocks.ts';
import { FIRST_STEP, issueKnot, learnKnots, skipKnot } from './knot.ts';
import { describeOrigin } from './origin.ts';
import { PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

const LEVEL_RATE = 0.3;
const SLOW_LEVEL_RATE = 0.05;
/** Half-lives of an hour and of two days; until so many errors are known, plain means. */
const FAST_ERROR_RATE = 1 - 0.5 ** (1 / 12);
const SLOW_ERROR_RATE = 1 - 0.5 ** (1 / 576);
const YOUNG_ERRORS = 50;

/** One bin later; `z` is its scaled value, NaN for a bin without samples. */
export function takeStep(forecaster: PathForecaster, shape: PathShape, z: number): void {
  forecaster.step++;
  forecaster.head = forecaster.head + 1 === shape.historyBins ? 0 : forecaster.head + 1;
  forecaster.slab[shape.at.history + forecaster.head] = z;
  if (shape.blocks > 0) countBlock(forecaster, shape, z);
  const known = z === z;
  if (known) learn(forecaster, shape);
  renewClimatologies(forecaster, shape);
  fadeWidening(forecaster);
  const ready = known && forecaster.known >= FIRST_STEP && forecaster.step >= FIRST_STEP;
  issueKnots(forecaster, shape, ready);
}

function issueKnots(forecaster: PathForecaster, shape: PathShape, ready: boolean): void {
  const { step, known, widening } = forecaster;
  const calm = widening === 0 && known > PATH_BINS_PER_DAY && step % shape.calmStride !== 0;
  let described = false;
  for (let k = 0; k < shape.knots.length; k++) {
    const stride = shape.strides[k] ?? 1;
    if (step % stride !== 0) continue;
    if (!ready || (calm && stride < shape.calmStride)) {
      skipKnot(forecaster, shape, k);
      continue;
    }
    if (!described) describeOrigin(forecaster, shape);
    described = true;
    issueKnot(forecaster, shape, k);
  }
}

/** Half-life of the width that a revision adds: six hours. */
const WIDENING_FADE = 0.5 ** (1 / 72);
/** Less is nothing. */
const LEAST_WIDENING = 0.02;

function fadeWidening(forecaster: PathForecaster): void {
  const faded = forecaster.widening * WIDENING_FADE;
  forecaster.widening = faded < LEAST_WIDENING ? 0 : faded;
}

function learn(forecaster: PathForecaster, shape: PathShape): void {
  // Rounded as the history is: a value that repeats must equal its own record.
  const z = forecaster.slab[shape.at.history + forecaster.head] ?? 0;
  forecaster.newest = z;
  if (forecaster.known++ === 0) {
    forecaster.level = z;
    forecaster.slowLevel = z;
    forecaster.record = z;
  }
  if (z > forecaster.record) forecaster.record = z;
  learnKnots(forecaster, shape);
  if (forecaster.known > 1) learnErrorScale(forecaster, Math.abs(z - forecaster.level));
  forecaster.level += LEVEL_RATE * (z - forecaster.level);
  forecaster.slowLevel += SLOW_LEVEL_RATE * (z - forecaster.slowLevel);
  forecaster.mean += (z - forecaster.mean) / Math.min(forecaster.known, PATH_BINS_PER_DAY);
  if (shape.profileBins > 0) renewProfile(forecaster, shape);
}

function learnErrorScale(forecaster: PathForecaster, error: number): void {
  const count = ++forecaster.errors;
  const young = count < YOUNG_ERRORS;
  forecaster.fastError += (error - forecaster.fastError) * (young ? 1 / count : FAST_ERROR_RATE);
  forecaster.slowError += (error - forecaster.slowError) * (young ? 1 / count : SLOW_ERROR_RATE);
}
