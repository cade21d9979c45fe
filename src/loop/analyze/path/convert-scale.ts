import { LEVEL_COUNT, SLOT_BEFORE, SLOT_FEATURES, SLOT_SCALE, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';
import { forgetLearned } from './path-reset.ts';
import { packBlock, UNKNOWN_BLOCK, unpackBlock } from './week-blocks.ts';

/** A scale so many times as large, or as small. */
const ANOTHER = 8;

/**
 * Where the history is too short to learn from again: values move to the new scale exactly, sizes of errors by the
 * slope at the present level. What is counted in sizes of errors (rings, coefficients, offsets) stays, unless demand
 * became another altogether: then it begins anew.
 */
export function convertScale(forecaster: PathForecaster, shape: PathShape, scale: number): void {
  const ratio = forecaster.scale / scale;
  const moved = (z: number): number => Math.asinh(Math.sinh(z) * ratio);
  const { level } = forecaster;
  const slope = (ratio * Math.cosh(level)) / Math.hypot(1, ratio * Math.sinh(level));
  forecaster.scale = scale;
  for (const name of ['newest', 'level', 'slowLevel', 'mean', 'record'] as const)
    forecaster[name] = moved(forecaster[name]);
  if (forecaster.blockCount > 0) {
    const { blockSum, blockCount } = forecaster;
    forecaster.blockSum = blockCount * moved(blockSum / blockCount);
  }
  forecaster.fastError *= slope;
  forecaster.slowError *= slope;
  if (Math.max(ratio, 1 / ratio) > ANOTHER) forgetLearned(forecaster, shape);
  const { week } = forecaster;
  for (let i = 0; i < week.length; i++) week[i] = packBlock(moved(unpackBlock(week[i] ?? UNKNOWN_BLOCK)));
  convertSlab(forecaster.slab, shape, moved, slope);
}

function convertSlab(
  slab: Float32Array,
  { at, historyBins, shortSets, hoursSets, slots, slotSize }: PathShape,
  moved: (z: number) => number,
  slope: number,
): void {
  const convert = (from: number, count: number): void => {
    for (let i = from; i < from + count; i++) slab[i] = moved(slab[i] ?? NaN);
  };
  convert(at.history, historyBins);
  convert(at.shortSets, shortSets * LEVEL_COUNT);
  convert(at.longSets, hoursSets * LEVEL_COUNT);
  const count = slots.reduce((sum, each) => sum + each, 0);
  for (let slot = at.slots; slot < at.slots + count * slotSize; slot += slotSize) {
    slab[slot + SLOT_SCALE] = (slab[slot + SLOT_SCALE] ?? 0) * slope;
    convert(slot + SLOT_BEFORE, SLOT_FEATURES - SLOT_BEFORE);
  }
}
