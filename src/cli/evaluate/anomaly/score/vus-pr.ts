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
 * @param anomalies ranges of rows, rising, apart from each other
 * @returns NaN when there is no anomaly
 */
export function vusPr(
  scores: Float64Array,
  anomalies: readonly NabWindow[],
  { window, thresholds = 250 }: VusOptions,
): number {
  if (anomalies.length === 0) return NaN;
  const ranks = ranksOf(scores, thresholds);
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

function averagePrecision(
  { rank, predicted }: Ranks,
  anomalies: readonly NabWindow[],
  width: number,
): number {
  const rows = rank.length;
  const soft = softLabels(rows, anomalies, width);
  const thresholds = predicted.length;
  const found = new Float64Array(thresholds);
  const slopes = new Float64Array(thresholds);
  for (let row = 0; row < rows; row++) {
    const label = soft[row] ?? 0;
    if (label === 0) continue;
    const at = rank[row] ?? 0;
    found[at] = (found[at] ?? 0) + label;
  }
  const hard = new Uint8Array(rows);
  let positives = 0;
  for (const { first, last } of anomalies) {
    hard.fill(1, first, last + 1);
    positives += last - first + 1;
  }
  for (let row = 0; row < rows; row++) {
    const at = rank[row] ?? 0;
    if (hard[row] === 0) slopes[at] = (slopes[at] ?? 0) + (soft[row] ?? 0);
  }
  const segments = segmentsOf(rows, anomalies, width);
  const existing = new Float64Array(thresholds);
  for (const { first, last } of segments) {
    const at = rank.subarray(first, last + 1).reduce((least, of) => Math.min(least, of), thresholds - 1);
    existing[at] = (existing[at] ?? 0) + 1;
  }
  let [area, recallBefore, truePositives, existence] = [0, 0, 0, 0];
  let labelled = positives;
  for (let k = 0; k < thresholds; k++) {
    truePositives += found[k] ?? 0;
    labelled += slopes[k] ?? 0;
    existence += existing[k] ?? 0;
    const share = Math.min(1, truePositives / ((positives + labelled) / 2));
    const recall = share * (existence / segments.length);
    area += (recall - recallBefore) * (truePositives / (predicted[k] ?? 1));
    recallBefore = recall;
  }
  return area;
}

/** One in the anomaly, falling as a square root over half the width before and after it. */
function softLabels(rows: number, anomalies: readonly NabWindow[], width: number): Float64Array {
  const labels = new Float64Array(rows);
  const half = Math.trunc(width / 2);
  for (const { first, last } of anomalies) labels.fill(1, first, last + 1);
  for (const { first, last } of anomalies) {
    const end = Math.min(last + half + 1, rows);
    for (let row = last + 1; row < end; row++) labels[row] = (labels[row] ?? 0) + slope(row - last, width);
    for (let row = Math.max(first - half, 0); row < first; row++)
      labels[row] = (labels[row] ?? 0) + slope(first - row, width);
  }
  return labels.map((label) => Math.min(1, label));
}

function slope(distance: number, width: number): number {
  return Math.sqrt(1 - distance / width);
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
