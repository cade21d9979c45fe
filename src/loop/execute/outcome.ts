/** Why an outcome window ended. */
export type OutcomeResult = 'Met' | 'Violated' | 'Unmeasured' | 'Superseded' | 'UndoneByPerson' | 'Aborted';

/** What was measured after an action. All durations in seconds; `cost` in the policy's currency. */
export interface Outcome {
  readonly result: OutcomeResult;
  readonly at: number;
  readonly observedSeconds: number;
  /** Seconds in which it was known whether the objective was met. */
  readonly measuredSeconds: number;
  readonly violatedSeconds: number;
  readonly replicaSeconds: number;
  readonly cost?: number;
  readonly message: string;
}

const NOTHING = { observedSeconds: 0, measuredSeconds: 0, violatedSeconds: 0, replicaSeconds: 0 };

/** The outcome of a decision that never reached its target. */
export function abortedOutcome(at: number, reason: string, message: string): Outcome {
  return { result: 'Aborted', at, ...NOTHING, message: `${reason}: ${message}` };
}

/** The outcome of a decision after which nobody was there to measure. */
export function unmeasured(at: number, message: string): Outcome {
  return { result: 'Unmeasured', at, ...NOTHING, message };
}
