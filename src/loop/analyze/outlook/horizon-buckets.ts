import { HORIZON_HOURS } from './hourly-series.ts';

/** Last hour ahead of each bucket: within one, errors are of one kind; the further ahead, the slower they grow. */
export const BUCKET_ENDS = [1, 3, 8, 24, 48, 96, HORIZON_HOURS] as const;

export const BUCKETS = BUCKET_ENDS.length;

/** The bucket of the h-th next hour, from 1. */
export function bucketOf(h: number): number {
  return BUCKET_ENDS.findIndex((end) => h <= end);
}

/** Middle of each bucket on the logarithmic scale. */
const CENTRES = BUCKET_ENDS.map((end, bucket) =>
  Math.log(Math.sqrt(((BUCKET_ENDS[bucket - 1] ?? 0) + 1) * end)),
);

/** A quantity known for each bucket, at the h-th next hour: linear in log h between the middles, flat outside. */
export function interpolate(byBucket: ArrayLike<number>, h: number): number {
  const at = Math.log(h);
  const upper = CENTRES.findIndex((centre) => at <= centre);
  if (upper === 0) return byBucket[0] ?? NaN;
  if (upper < 0) return byBucket[BUCKETS - 1] ?? NaN;
  const from = CENTRES[upper - 1] ?? 0;
  const share = (at - from) / ((CENTRES[upper] ?? 1) - from);
  const low = byBucket[upper - 1] ?? NaN;
  return low + share * ((byBucket[upper] ?? NaN) - low);
}
