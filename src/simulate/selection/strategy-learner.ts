import { createHotIndex } from '../../loop/knowledge/recall/hot-index.ts';
import { recall } from '../../loop/knowledge/recall/recall.ts';
import { rememberSituation } from '../../loop/knowledge/recall/remember.ts';
import { neighbourRewards, windowOutcome } from '../../loop/knowledge/selection/window-outcome.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import type { NeighbourRewards } from '../../loop/plan/selection/replay-learner.ts';
import { learnOutcome, learnReplayedWindow } from '../../loop/plan/selection/outcome.ts';
import { select } from '../../loop/plan/selection/select.ts';
import { createSelectionState, type SelectionState } from '../../loop/plan/selection/selection-state.ts';
import { believeReplay, type Strategy } from '../../loop/plan/selection/strategy.ts';
import { randomStream, type Random } from '../random.ts';
import {
  queryOf,
  type LearnerContext,
  type LearnerFactory,
  type SelectionLearner,
} from './selection-learner.ts';

export interface StrategyLearnerOptions {
  readonly strategy: Strategy;
  /** The most that other arms than the champion are chosen with, 0 … 1. */
  readonly share: number;
  /** Share of the champion's rewards that may be lost by it. */
  readonly alpha: number;
  readonly seed: number;
  /** What similar situations of the workload and of others came to is asked as well. */
  readonly neighbours: boolean;
  /** What the replay of arms that were not in force tells is learned; without it a bandit has its own rewards alone. */
  readonly replay: boolean;
}

/** How many numbers of a situation's embedding a line goes by: those in which situations differ most, but for the last. */
const LEADING = 15;

/** A strategy of the loop as one that chooses for a workload's windows. What really came is what was replayed. */
export const byStrategy =
  (options: StrategyLearnerOptions): LearnerFactory =>
  (context) => {
    const memory = options.neighbours ? askMemory(context) : undefined;
    const random = randomStream(options.seed, options.strategy.name);
    let state: SelectionState | undefined;
    return {
      choose: (situation) => {
        state ??= stateFor(situation, options);
        return choose(state, situation, {
          ...options,
          random,
          neighbours: memory?.ask(situation, state.arms),
        });
      },
      observe: (situation) => {
        memory?.observe(situation);
        if (state !== undefined) observe(state, situation, { options, context });
      },
    };
  };

function stateFor({ policy, arms }: Situation, { strategy, alpha }: StrategyLearnerOptions): SelectionState {
  const names = arms.map(({ arm }) => arm);
  const linear = strategy.name === 'LinUCB' || strategy.name === 'LinearThompson';
  return createSelectionState({
    owner: policy.uid,
    arms: names,
    alpha,
    ...(linear ? { features: LEADING + 1 } : {}),
  });
}

interface Choosing {
  readonly strategy: Strategy;
  readonly share: number;
  readonly random: Random;
  readonly neighbours: NeighbourRewards | undefined;
}

function choose(
  state: SelectionState,
  { id, at, embedding }: Situation,
  { strategy, share, random, neighbours }: Choosing,
): string | undefined {
  const selection = select(state, {
    id,
    now: at,
    strategy,
    vetoes: state.arms.map(() => undefined),
    priorities: state.arms.map(() => 0.5),
    features: Float64Array.of(1, ...embedding.subarray(0, LEADING)),
    neighbours,
    exploration: { share, objections: [] },
    random,
  });
  return selection.kind === 'Held' ? undefined : selection.arm;
}

function observe(
  state: SelectionState,
  situation: Situation,
  { options, context }: { readonly options: StrategyLearnerOptions; readonly context: LearnerContext },
): void {
  const outcome = windowOutcome(situation, state.arms, context.weights);
  const { choiceId, at, replayed } = outcome;
  if (replayed === undefined) return;
  const arm = state.pending.find(({ id }) => id === choiceId)?.arm;
  if (arm === undefined) {
    learnReplayedWindow(state, at, replayed);
    return;
  }
  learnOutcome(state, {
    ...outcome,
    censored: false,
    reward: replayed[arm] ?? null,
    replayed: options.replay ? replayed : undefined,
  });
  if (options.replay) believeReplay(state, undefined);
}

interface AskedMemory extends Pick<SelectionLearner, 'observe'> {
  ask(situation: Situation, arms: readonly string[]): NeighbourRewards;
}

/** More than the windows of one workload. */
const OWN_CAPACITY = 10_000;

function askMemory({ pool, weights }: LearnerContext): AskedMemory {
  const index = createHotIndex({ capacity: pool.length + OWN_CAPACITY });
  for (const situation of pool) rememberSituation(index, { ...situation, at: 0 });
  return {
    ask: (situation, arms) => {
      const { priors } = recall(index, queryOf(situation), { weights });
      return neighbourRewards(priors, arms, weights);
    },
    observe: (situation) => rememberSituation(index, situation),
  };
}
