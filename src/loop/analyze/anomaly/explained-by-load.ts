import type { Anomaly, Evidence } from './anomaly.ts';

/** What more requests bring with them. Latency, errors and queues should not come of them, and stay findings. */
const FOLLOWING = new Set(['cpu', 'memory', 'receive', 'transmit']);

/** One surge is one anomaly: what only goes along with an unusual load, in the same direction, begins none of its own. */
export function explainedByLoad(
  evidence: readonly Evidence[],
  open: readonly Anomaly[],
): readonly Evidence[] {
  const load =
    evidence.find(({ signal, kind }) => signal === 'load' && kind === 'Spike') ??
    open.find(({ signal, kind }) => signal === 'load' && (kind === 'Spike' || kind === 'LevelShift'));
  if (load === undefined) return evidence;
  const direction = directionOf(load);
  return evidence.filter(
    (found) => !(FOLLOWING.has(found.signal) && found.kind === 'Spike' && directionOf(found) === direction),
  );
}

function directionOf({ actual = NaN, expected = NaN }: Pick<Evidence, 'actual' | 'expected'>): number {
  return Math.sign(actual - expected);
}
