import type { ArmOutcome } from '../situation.ts';

/** What replicas and violations weigh against each other. Raw numbers are stored, so that weights can change later. */
export interface LossWeights {
  /** Loss of a window that is violated from end to end, in multiples of the cost that a clairvoyant would have had. */
  readonly penalty: number;
  /**
   * The most that one window counts: a single disaster must not decide what is thought of an arm for weeks. 8 is what arms
   * were compared with when their number was chosen.
   */
  readonly most: number;
}

export const DEFAULT_WEIGHTS: LossWeights = { penalty: 20, most: 8 };

/** One arm in one window, as two numbers that no weights are in. */
export interface ArmScore {
  /** Replica-seconds ÷ those of a clairvoyant. */
  readonly cost: number;
  /** Share of the window's time that was violated, 0 … 1. */
  readonly violated: number;
}

/** Where so little was needed that one replica was too much, a window counts as one of one replica. */
export function scoreArm(
  { replicaSeconds, violatedSeconds }: Pick<ArmOutcome, 'replicaSeconds' | 'violatedSeconds'>,
  { oracleReplicaSeconds, windowSeconds }: { oracleReplicaSeconds: number; windowSeconds: number },
): ArmScore {
  return {
    cost: replicaSeconds / Math.max(oracleReplicaSeconds, windowSeconds),
    violated: violatedSeconds / windowSeconds,
  };
}

/** NaN where the arm was not replayed. */
export function lossOf({ cost, violated }: ArmScore, { penalty, most }: LossWeights): number {
  return Math.min(most, cost + penalty * violated);
}
