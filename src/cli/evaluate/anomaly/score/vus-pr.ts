import type { NabWindow } from './nab-windows.ts';

export interface VusOptions {
  /** Longest slope at the ends of an anomaly, in rows; see vusPeriod. */
  readonly window: number;
  /** As published: 250. */
  readonly thresholds?: number;
}

/** Rows by the first threshold that takes them in. */
interface Ranks {
  readonly rank: Int32Array;
  /** Rows at or above each threshold. */
  readonly predicted: Float64Array;
}

/**
 * Volume under the surface of precision and recall over thresholds and over widths of soft ends of the anomalies
 * (Paparrizos et al., VLDB 2022; in the version of TSB-AD, NeurIPS 2024). It judges the continuous score without a
 * threshold; a score at random gets about the share of anomalous rows.
 * @param scores of each row; NaN is as low as can be
 * @param anomalies ranges of rows, rising, apart from each other
 * @returns NaN when there is no anomaly
 */
export function vusPr(
  scores: Float64Array,
  anomalies: readonly NabWindow[],
  { window, thresholds = 250 }: VusOptions,
): number {
  if (anomalies.length === 0) return NaN;
  const known = scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
  const ranks = ranksOf(known, thresholds);
  let volume = 0;
  for (let width = 0; width <= window; width++) volume += averagePrecision(ranks, anomalies, width);
  return volume / (window + 1);
}

/** Thresholds are scores at evenly spaced places of the falling order. */
function ranksOf(scores: Float64Array, thresholds: number): Ranks {
  const falling = scores.slice().sort().reverse();
  const levels = Float64Array.from(
    { length: thresholds },
    (_, k) => falling[Math.trunc((k * (scores.length - 1)) / (thresholds - 1))] ?? NaN,
  );
  const rank = Int32Array.from(scores, (score) => firstAtMost(levels, score));
  const predicted = new Float64Array(thresholds);
  for (const at of rank) predicted[at] = (predicted[at] ?? 0) + 1;
  for (let k = 1; k < thresholds; k++) predicted[k] = (predicted[k] ?? 0) + (predicted[k - 1] ?? 0);
  return { rank, predicted };
}

/** First place in falling levels that is not above the score. */
function firstAtMost(levels: Float64Array, score: number): number {
  let [low, high] = [0, levels.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((levels[middle] ?? 0) <= score) high = middle;
    else low = middle + 1;
  }
  return low;
}

function averagePrecision(ranks: Ranks, anomalies: readonly NabWindow[], width: number): number {
  const { rank, predicted } = ranks;
  const { soft, hard } = labelsOf(rank.length, anomalies, width);
  const found = sumByRank(ranks, soft);
  // Rows of an anomaly count as labelled from the start, those of its soft ends when they are predicted.
  const ends = sumByRank(
    ranks,
    soft.map((label, row) => (hard[row] === 1 ? 0 : label)),
  );
  const segments = segmentsOf(rank.length, anomalies, width);
  const existing = new Float64Array(predicted.length);
  for (const { first, last } of segments) {
    const at = rank.subarray(first, last + 1).reduce((least, of) => Math.min(least, of));
    existing[at] = (existing[at] ?? 0) + 1;
  }
  let [area, recallBefore, truePositives, existence] = [0, 0, 0, 0];
  const positives = hard.reduce((sum, label) => sum + label, 0);
  let labelled = positives;
  for (const [k, rows] of predicted.entries()) {
    truePositives += found[k] ?? 0;
    labelled += ends[k] ?? 0;
    existence += existing[k] ?? 0;
    const share = Math.min(1, truePositives / ((positives + labelled) / 2));
    const recall = share * (existence / segments.length);
    area += (recall - recallBefore) * (truePositives / rows);
    recallBefore = recall;
  }
  return area;
}

function sumByRank({ rank, predicted }: Ranks, labels: Float64Array): Float64Array {
  const sums = new Float64Array(predicted.length);
  for (const [row, label] of labels.entries()) {
    const at = rank[row] ?? 0;
    sums[at] = (sums[at] ?? 0) + label;
  }
  return sums;
}

interface Labels {
  /** One in the anomaly, falling as a square root over half the width before and after it. */
  readonly soft: Float64Array;
  readonly hard: Uint8Array;
}

function labelsOf(rows: number, anomalies: readonly NabWindow[], width: number): Labels {
  const hard = new Uint8Array(rows);
  for (const { first, last } of anomalies) hard.fill(1, first, last + 1);
  const soft = Float64Array.from(hard);
  const half = Math.trunc(width / 2);
  for (const { first, last } of anomalies) {
    for (let distance = 1; distance <= half; distance++) {
      const height = Math.sqrt(1 - distance / width);
      if (first - distance >= 0) soft[first - distance] = (soft[first - distance] ?? 0) + height;
      if (last + distance < rows) soft[last + distance] = (soft[last + distance] ?? 0) + height;
    }
  }
  return { soft: soft.map((label) => Math.min(1, label)), hard };
}

/** Anomalies with their soft ends; those that meet are one. */
function segmentsOf(rows: number, anomalies: readonly NabWindow[], width: number): NabWindow[] {
  const half = Math.trunc(width / 2);
  const segments: { first: number; last: number }[] = [];
  for (const { first, last } of anomalies) {
    const before = segments.at(-1);
    const end = Math.min(last + half, rows - 1);
    if (before !== undefined && before.last >= first - half) before.last = end;
    else segments.push({ first: Math.max(0, first - half), last: end });
  }
  return segments;
}
