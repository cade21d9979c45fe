import { BLOCK_BINS, PATH_BINS_PER_DAY, type PathShape } from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';

const PER_DAY = PATH_BINS_PER_DAY / BLOCK_BINS;

/** Scaled values up to 16 (four million times the scale) in steps of 1/4096, about 0.02 % of a usual value. */
const STEPS = 4096;
const LARGEST = 65_534;
export const UNKNOWN_BLOCK = 65_535;

export function packBlock(z: number): number {
  return z === z ? Math.min(LARGEST, Math.round(z * STEPS)) : UNKNOWN_BLOCK;
}

export function unpackBlock(packed: number): number {
  return packed === UNKNOWN_BLOCK ? NaN : packed / STEPS;
}

/** Counts the newest bin's value, known or not, and closes its block with the bin that ends it. */
export function countBlock(forecaster: PathForecaster, { blocks }: PathShape, z: number): void {
  if (z === z) {
    forecaster.blockSum += z;
    forecaster.blockCount++;
  }
  const { newestBin, blockSum, blockCount, week } = forecaster;
  if ((newestBin + 1) % BLOCK_BINS !== 0) return;
  const place = placeOf(Math.floor(newestBin / BLOCK_BINS), blocks);
  week[place] = packBlock(blockSum / blockCount);
  forecaster.blockSum = 0;
  forecaster.blockCount = 0;
}

/** Times before 1970 have negative bins. */
function placeOf(block: number, blocks: number): number {
  const place = block % blocks;
  return place < 0 ? place + blocks : place;
}

const REACH = 1;

/**
 * Means of the blocks around the time of day of a bin `back` before the newest (negative: after it), on the seven
 * days before it; returns how many are known.
 */
export function collectBlocks(
  { week, newestBin }: PathForecaster,
  { blocks }: PathShape,
  back: number,
  out: Float64Array,
): number {
  const newest = Math.floor((newestBin + 1) / BLOCK_BINS) - 1;
  const middle = Math.floor((newestBin - back) / BLOCK_BINS);
  const first = Math.max(1, Math.ceil((middle + 1 - newest) / PER_DAY));
  let count = 0;
  for (let day = first; day < first + 7; day++) {
    for (let block = middle - day * PER_DAY - REACH; block <= middle - day * PER_DAY + REACH; block++) {
      if (block > newest || block <= newest - blocks) continue;
      const packed = week[placeOf(block, blocks)] ?? UNKNOWN_BLOCK;
      if (packed !== UNKNOWN_BLOCK) out[count++] = unpackBlock(packed);
    }
  }
  return count;
}
