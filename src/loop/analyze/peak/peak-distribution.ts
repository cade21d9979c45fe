import { createSortedRing, ringAdd, ringQuantile, type SortedRing } from '../forecast/sorted-ring.ts';
import { BINS_PER_DAY } from './bins.ts';

/** The distribution is cut here; denser above, where the capacity is decided. */
const CUTS = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.9995, 1] as const;

/** From this level on the tail of the unscaled errors is mixed in. */
const TAIL_FROM = 0.8;

/**
 * Weight of that tail. In a quiet state the scale is tiny, and errors measured in scales cannot show a burst out of
 * idleness; the errors as they were can.
 */
const TAIL_SHARE = 0.1;

/** One of the values that stand for a part of the distribution. */
interface Node {
  readonly level: number;
  /** Probability that it stands for. */
  readonly weight: number;
}

const NODES: readonly Node[] = CUTS.slice(1).map((high, i) => {
  const low = CUTS[i] ?? 0;
  return { level: (low + high) / 2, weight: high - low };
});

const TAIL: readonly Node[] = NODES.filter(({ level }) => level > TAIL_FROM);

/** Places of an array of node values: errors in scales first, then the tail of the unscaled ones. */
export const PEAK_NODES = NODES.length + TAIL.length;

/**
 * Weight of each node in an expectation. They do not add up to 1: of the tail's share only what lies above
 * `TAIL_FROM` counts, for below that it could not ask for capacity.
 */
export const PEAK_WEIGHTS = Float64Array.from([
  ...NODES.map(({ weight }) => (1 - TAIL_SHARE) * weight),
  ...TAIL.map(({ weight }) => TAIL_SHARE * weight),
]);

/** Past errors of the point forecast over 14 days, every sixth: neighbours share most of their window. */
export interface ResidualRings {
  /** Errors in expected errors. */
  readonly scaled: SortedRing;
  /** Errors in the unit of demand. */
  readonly unscaled: SortedRing;
}

const RESIDUAL_STRIDE = 6;
const RESIDUALS = (14 * BINS_PER_DAY) / RESIDUAL_STRIDE;

/** Before six hours the expected error is a guess, and errors in multiples of a guess would stay for 14 days. */
const RESIDUALS_FROM = BINS_PER_DAY / 4;

/** Below so many residuals a wide fan stands for their quantiles: −4 … +5.6 expected errors. */
const YOUNG = 200;

/** A burst out of silence has errors of thousands of scales; no such multiple is a forecast. */
const RECORDS = 2;

export function createResidualRings(): ResidualRings {
  return { scaled: createSortedRing(RESIDUALS), unscaled: createSortedRing(RESIDUALS) };
}

/** @param learned How many windows have been completed before this one. */
export function learnResidual(rings: ResidualRings, error: number, scale: number, learned: number): void {
  if (learned < RESIDUALS_FROM || learned % RESIDUAL_STRIDE !== 0) return;
  ringAdd(rings.scaled, error / scale);
  ringAdd(rings.unscaled, error);
}

/** What a distribution is built around, in the unit of demand. */
export interface PeakCentre {
  readonly point: number;
  /** Expected |error|. */
  readonly scale: number;
  /** Largest demand remembered. */
  readonly record: number;
}

/** Fills `nodes` with values of the peak, which `PEAK_WEIGHTS` weigh, within 0 … twice the record. */
export function fillPeakNodes(nodes: Float64Array, rings: ResidualRings, centre: PeakCentre): void {
  const { point, scale, record } = centre;
  const young = rings.scaled.count < YOUNG;
  const most = RECORDS * record;
  for (let i = 0; i < NODES.length; i++) {
    const scales = young ? 0.8 * (i - 5) : ringQuantile(rings.scaled, NODES[i]?.level ?? 0);
    nodes[i] = Math.min(most, Math.max(0, point + scale * scales));
  }
  for (let i = 0; i < TAIL.length; i++) {
    const value = young
      ? (nodes[i + NODES.length - TAIL.length] ?? 0)
      : point + ringQuantile(rings.unscaled, TAIL[i]?.level ?? 0);
    nodes[NODES.length + i] = Math.min(most, Math.max(0, value));
  }
}
