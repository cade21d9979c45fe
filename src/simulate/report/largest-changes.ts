import type { RecordedDecision } from '../simulation-run.ts';

/** Times and replicas of one decision as JSON, without its reason. */
const BARE_CHARACTERS = 20;

/**
 * At most about `characters` characters of the changes: all of them, or the largest of each equal stretch of time, so
 * that every day keeps its share.
 */
export function largestChanges(
  changes: readonly RecordedDecision[],
  characters: number,
): readonly RecordedDecision[] {
  const size = changes.reduce((sum, { why = '' }) => sum + BARE_CHARACTERS + why.length, 0);
  const first = changes[0]?.at;
  const last = changes.at(-1)?.at;
  if (size <= characters || first === undefined || last === undefined) return changes;
  const stretches = Math.max(1, Math.floor((changes.length * characters) / size));
  const stretchMs = (last - first + 1) / stretches;
  const largest = new Map<number, RecordedDecision>();
  for (const change of changes) {
    const stretch = Math.floor((change.at - first) / stretchMs);
    const best = largest.get(stretch);
    if (best === undefined || sizeOf(change) > sizeOf(best)) largest.set(stretch, change);
  }
  return [...largest.values()];
}

function sizeOf({ from, to }: RecordedDecision): number {
  return Math.abs(to - from);
}
