import type { PolicyView } from '../policy-view.ts';
import {
  createDataHysteresis,
  GOOD_IN_A_ROW,
  knownWithoutBlackout,
  learnHistory,
  observeData,
  turnHysteresisBack,
  type DataHysteresis,
} from '../monitor/data-hysteresis.ts';
import {
  createDemandLevels,
  learnLevels,
  observeLevel,
  turnLevelsBack,
  type DemandLevels,
} from '../monitor/demand-levels.ts';
import {
  createErrorBudget,
  observeBudget,
  turnBudgetBack,
  type BudgetFacts,
  type ErrorBudget,
} from '../monitor/error-budget.ts';
import { createHeadroom, observeHeadroom, type Headroom } from '../monitor/headroom.ts';
import type { TargetView } from '../monitor/observation.ts';
import type { Reading } from '../monitor/reading.ts';
import type { RequestReport } from '../monitor/requests.ts';
import {
  createRollbacks,
  observeRollbacks,
  turnRollbacksBack,
  type DecreaseUnderWatch,
  type Rollbacks,
} from './rollback.ts';
import { short } from '../short.ts';

/** What the guards of one policy remember. Changed in place by its single owner. */
export interface SafetyState {
  readonly data: DataHysteresis;
  levels: readonly SeriesLevels[];
  readonly budget: ErrorBudget;
  readonly headroom: Headroom;
  rollbacks: Rollbacks;
  /** The last reason for which decreases were held that people were told of. */
  announced: string | undefined;
}

/** The levels of one demand series. */
interface SeriesLevels {
  /** Of the series. */
  readonly key: string;
  readonly levels: DemandLevels;
}

/** What the guards are told of it. */
export interface SafetyFacts {
  /** Good evaluations that are still missing after a bad one; 0 when none is. */
  readonly settling: number;
  /** Since when demand has been known without a blackout, ms; undefined when it is not. */
  readonly knownSince: number | undefined;
  readonly fall: SuddenFall | undefined;
  readonly budget: BudgetFacts;
  /** Why more replicas would not come; undefined when nothing speaks against them. */
  readonly shortage: string | undefined;
  readonly rollbacks: Rollbacks;
}

/** A fall of the demand that only one source tells of. */
export interface SuddenFall {
  readonly at: number;
  readonly message: string;
}

/** One demand series as measured now. */
export interface SeenDemand {
  readonly key: string;
  readonly name: string;
  /** What measured it: two falls of one source are one witness. */
  readonly source: string;
  readonly total: Reading;
}

export interface SafetyInputs {
  readonly now: number;
  readonly policy: PolicyView;
  readonly target: TargetView;
  /** Every metric is fresh and covers the pods. */
  readonly good: boolean;
  readonly demands: readonly SeenDemand[];
  readonly violated: boolean | undefined;
  readonly requests: RequestReport | undefined;
  readonly watched: Omit<DecreaseUnderWatch, 'badShareBefore' | 'violatedNow'> | undefined;
  readonly outcomeWindowSeconds: number;
}

export function createSafetyState(rollbackTimes: readonly number[] = []): SafetyState {
  return {
    data: createDataHysteresis(),
    levels: [],
    budget: createErrorBudget(),
    headroom: createHeadroom(),
    rollbacks: createRollbacks(rollbackTimes),
    announced: undefined,
  };
}

/** Takes in what was measured, and says what the guards need to know. */
export function observeSafety(state: SafetyState, inputs: SafetyInputs): SafetyFacts {
  const { now, policy, target } = inputs;
  observeData(state.data, now, inputs.good);
  const budget = observeBudget(state.budget, now, {
    objective: policy.spec.objective,
    violated: inputs.violated,
    requests: inputs.requests,
  });
  state.rollbacks = observeRollbacks(state.rollbacks, target.specReplicas, watchedBy(inputs, budget), {
    now,
    outcomeWindowSeconds: inputs.outcomeWindowSeconds,
    scaleDownCooldownSeconds: policy.spec.scaleDownCooldownSeconds,
  });
  return {
    settling: GOOD_IN_A_ROW - state.data.goodInARow,
    knownSince: Number.isNaN(state.data.knownSince) ? undefined : state.data.knownSince,
    fall: suddenFall(state, inputs),
    budget,
    shortage: observeHeadroom(state.headroom, now, target),
    rollbacks: state.rollbacks,
  };
}

export interface PastDemand {
  /** Of the demand series. */
  readonly key: string;
  /** Oldest first, each on an even grid; NaN marks gaps. */
  readonly stretches: readonly {
    readonly startMs: number;
    readonly stepMs: number;
    readonly values: Float64Array;
  }[];
}

/** The past of one demand series, as a backfill brings it. */
export function learnPast(state: SafetyState, { key, stretches }: PastDemand, keys: readonly string[]): void {
  const newest = stretches.at(-1);
  if (newest === undefined) return;
  const until = newest.startMs + (newest.values.length - 1) * newest.stepMs;
  let since: number | undefined;
  for (const stretch of stretches.toReversed()) {
    const earlier = knownWithoutBlackout(stretch, since ?? until);
    if (earlier === undefined) break;
    since = earlier;
  }
  if (since !== undefined) learnHistory(state.data, { key, since, until }, keys);
  const levels = levelsOf(state, key);
  for (const stretch of stretches) learnLevels(levels, stretch);
}

/** After a clock stepped back, what was noted in its future counts as noted just now. */
export function turnSafetyBack(state: SafetyState, now: number): void {
  turnHysteresisBack(state.data, now);
  for (const { levels } of state.levels) turnLevelsBack(levels, now);
  turnBudgetBack(state.budget, now);
  const { headroom } = state;
  if (headroom.shortSince !== undefined) headroom.shortSince = Math.min(headroom.shortSince, now);
  state.rollbacks = turnRollbacksBack(state.rollbacks, now);
}

/**
 * Bad requests after a decrease are foreseen and paid for by the plan's price; that decrease is undone only while the
 * budget burns as fast as people are paged for.
 */
function watchedBy(
  { watched, violated, policy }: SafetyInputs,
  { badShare, badNow, burning }: BudgetFacts,
): DecreaseUnderWatch | undefined {
  if (watched === undefined) return undefined;
  const paced = policy.spec.objective?.requests !== undefined;
  const acute = badNow !== undefined;
  const violatedNow = paced ? acute && burning !== undefined : acute || violated === true;
  return { ...watched, badShareBefore: badShare, violatedNow };
}

/** Series that the policy no longer has are forgotten, new ones begin. */
function suddenFall(state: SafetyState, { demands, now }: SafetyInputs): SuddenFall | undefined {
  const has = ({ key: known }: SeriesLevels): boolean => demands.some(({ key }) => key === known);
  if (!state.levels.every(has)) state.levels = state.levels.filter(has);
  const falls = demands.flatMap(({ key, name, source, total }) => {
    const levels = levelsOf(state, key);
    if (total.quality !== 'Fresh') return [];
    const fall = observeLevel(levels, now, total.value);
    if (fall === undefined) return [];
    const text = `${name} fell from ${short(fall.from)} to ${short(total.value)}`;
    return [{ source, at: fall.at, text }];
  });
  const sources = new Set(falls.map(({ source }) => source));
  if (sources.size !== 1) return undefined;
  const at = Math.min(...falls.map((fall) => fall.at));
  const what = falls.map(({ text }) => text).join(', ');
  return { at, message: `${what} at once, to where it has not been before` };
}

function levelsOf(state: SafetyState, key: string): DemandLevels {
  const known = state.levels.find((each) => each.key === key);
  if (known !== undefined) return known.levels;
  const levels = createDemandLevels();
  state.levels = [...state.levels, { key, levels }];
  return levels;
}
