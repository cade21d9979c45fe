import type { Evidence } from './anomaly.ts';
import { createTailCalibrator, surprise, type TailCalibrator } from './surprise/tail-calibrator.ts';

/**
 * Several signals that are somewhat unusual at once, where none of them alone is: the third-power norm of their surprises, the
 * mean of three minutes, among two weeks of its own (the score of a service in fingerprint/service-score.ts, over signals that
 * are watched anyway).
 */
export interface Behaviour {
  readonly calibrator: TailCalibrator;
  /** Of the last minutes; the oldest is replaced. */
  readonly norms: Float64Array;
  count: number;
}

const EFFECTIVE_MINUTES = 20_160;
/** Minutes that one tells of. */
export const SMOOTHED_MINUTES = 3;
export const LEAST_SIGNALS = 2;

export function createBehaviour(): Behaviour {
  return {
    calibrator: createTailCalibrator({ effectiveSamples: EFFECTIVE_MINUTES, robust: false }),
    norms: new Float64Array(SMOOTHED_MINUTES),
    count: 0,
  };
}

export interface UsualSignal {
  readonly signal: string;
  readonly surprise: number;
}

/** −log10 p of the minute; NaN with fewer than two signals. Then learns it. */
export function observeBehaviour(behaviour: Behaviour, signals: readonly UsualSignal[]): number {
  if (signals.length < LEAST_SIGNALS) return NaN;
  const { norms } = behaviour;
  norms[behaviour.count % SMOOTHED_MINUTES] = Math.cbrt(
    signals.reduce((sum, { surprise: one }) => sum + one ** 3, 0),
  );
  behaviour.count += 1;
  const mean = norms.reduce((sum, norm) => sum + norm, 0) / SMOOTHED_MINUTES;
  return surprise(behaviour.calibrator, mean);
}

/** At half of what is the most unusual of them, a signal takes part. */
const NAMED_SHARE = 0.5;

export function behaviourEvidence(
  found: number,
  signals: readonly UsualSignal[],
  threshold: number,
): Evidence | undefined {
  if (!(found >= threshold)) return undefined;
  const most = Math.max(...signals.map(({ surprise: one }) => one));
  const names = signals
    .filter(({ surprise: one }) => one >= NAMED_SHARE * most)
    .toSorted((a, b) => b.surprise - a.surprise)
    .map(({ signal }) => signal);
  return {
    kind: 'Behaviour',
    signal: 'all',
    surprise: found,
    onset: true,
    message: `${names.join(', ')} are not usually like this at the same time`,
  };
}
