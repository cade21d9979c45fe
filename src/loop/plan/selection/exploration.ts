/** What has to be known before anything is tried that is not believed the best. Undefined: nobody knows. */
export interface ExplorationFacts {
  /** The policy may write: a choice that nobody carries out teaches nothing. */
  readonly acts: boolean;
  readonly suspended: boolean;
  /** The first time of observation is over. */
  readonly observationComplete: boolean;
  /** Which budget is burning, in words; undefined where none is. */
  readonly burning: string | undefined;
  /** What is bad at this moment, in words; undefined where nothing is. */
  readonly badNow: string | undefined;
  /** Share of the objective's budget that is left, 0 … 1; undefined where there is no objective or nothing was measured. */
  readonly budgetLeft: number | undefined;
  /** Anomalies that are open, of the workload, its namespace or the fleet. */
  readonly openAnomalies: number;
  readonly rolloutInProgress: boolean;
  /** Somebody else has changed the replicas, and that is still respected. */
  readonly overridden: boolean;
  /** ms since a decrease had to be undone; undefined where none had to. */
  readonly sinceRollbackMs: number | undefined;
  /** All sources of demand are fresh and cover the pods. */
  readonly covered: boolean;
}

/** Why nothing is tried now. */
export interface ExplorationObjection {
  readonly reason: ExplorationReason;
  readonly message: string;
}

export type ExplorationReason =
  | 'NotActing'
  | 'Suspended'
  | 'Observing'
  | 'BudgetBurning'
  | 'ObjectiveViolated'
  | 'ObjectiveUnknown'
  | 'AnomalyOpen'
  | 'RolloutInProgress'
  | 'Overridden'
  | 'RecentRollback'
  | 'DataIncomplete';

/** A day: the same time of day has come again, and went well. */
const AFTER_ROLLBACK_MS = 86_400_000;

/** One condition: the objection in words, or undefined where it has none. */
type Condition = (facts: ExplorationFacts) => string | undefined;

const when = (objects: boolean, message: string): string | undefined => (objects ? message : undefined);

const CONDITIONS: readonly (readonly [ExplorationReason, Condition])[] = [
  ['NotActing', ({ acts }) => when(!acts, 'nothing is written in this mode')],
  ['Suspended', ({ suspended }) => when(suspended, 'the policy is suspended')],
  ['Observing', ({ observationComplete }) => when(!observationComplete, 'the observation is not over')],
  ['BudgetBurning', ({ burning }) => burning],
  ['ObjectiveViolated', ({ badNow }) => badNow],
  [
    'ObjectiveUnknown',
    ({ budgetLeft }) => when(budgetLeft === undefined, 'nobody knows how much of the budget is left'),
  ],
  [
    'AnomalyOpen',
    ({ openAnomalies }) =>
      when(
        openAnomalies !== 0,
        openAnomalies === 1 ? 'an anomaly is open' : `${openAnomalies} anomalies are open`,
      ),
  ],
  ['RolloutInProgress', ({ rolloutInProgress }) => when(rolloutInProgress, 'pods are being replaced')],
  ['Overridden', ({ overridden }) => when(overridden, 'somebody else has changed the replicas')],
  [
    'RecentRollback',
    ({ sinceRollbackMs }) =>
      when(
        sinceRollbackMs !== undefined && !(sinceRollbackMs >= AFTER_ROLLBACK_MS),
        'a decrease had to be undone within the last day',
      ),
  ],
  ['DataIncomplete', ({ covered }) => when(!covered, 'demand is not measured everywhere')],
];

/** All objections to trying something now; none when it may be. */
export function explorationObjections(facts: ExplorationFacts): readonly ExplorationObjection[] {
  return CONDITIONS.flatMap(([reason, condition]) => {
    const message = condition(facts);
    return message === undefined ? [] : [{ reason, message }];
  });
}

/** Of a budget of which more is left than this nothing was spent that matters: "full". */
const FULL_BUDGET = 0.9;

/**
 * Whether an arm may be tried that wants `replicas` where the champion wants `championReplicas`: at least as many, unless the
 * budget is full. Unknown replicas are too few.
 */
export function mayTryCapacity(
  replicas: number,
  championReplicas: number,
  budgetLeft: number | undefined,
): boolean {
  return replicas >= championReplicas || (replicas >= 0 && (budgetLeft ?? 0) >= FULL_BUDGET);
}
