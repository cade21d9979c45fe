/** Why an outcome window ended. */
export type OutcomeResult = 'Met' | 'Violated' | 'Unmeasured' | 'Superseded' | 'UndoneByPerson' | 'Aborted';

/** What was measured after an action. All durations in seconds; `cost` in the policy's currency. */
export interface Outcome {
  readonly result: OutcomeResult;
  readonly at: number;
  readonly observedSeconds: number;
  /** Seconds in which at least one objective indicator was fresh. */
  readonly measuredSeconds: number;
  readonly violatedSeconds: number;
  readonly replicaSeconds: number;
  readonly cost?: number;
  readonly message: string;
}
