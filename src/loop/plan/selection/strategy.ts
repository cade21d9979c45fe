import { epsilonGreedy } from './bandit/epsilon-greedy.ts';
import { linearThompson, linearUpperConfidence } from './bandit/linear-bandits.ts';
import { betaThompson, normalThompson } from './bandit/thompson.ts';
import { klUpperConfidence, upperConfidence } from './bandit/upper-confidence.ts';
import { normalWins } from './bandit/win-probability.ts';
import { bestArm, certain, MOST_ARMS, type Estimates, type Moment } from './moment.ts';
import { createReplayTerms, replayTerms, type NeighbourRewards } from './replay-learner.ts';
import { MOST_PRIOR_WEIGHT, warmStart, type SelectionState } from './selection-state.ts';

/** A strategy and what can be said about it. */
export type Strategy =
  | { readonly name: 'Replay' }
  | { readonly name: 'Ranked' }
  | { readonly name: 'EpsilonGreedy'; readonly scale?: number }
  | { readonly name: 'UCB1' }
  | { readonly name: 'KLUCB' }
  /** `Beta` for what succeeds or not, `Normal` for rewards that vary less than a coin. */
  | { readonly name: 'ThompsonSampling'; readonly posterior?: 'Beta' | 'Normal' }
  | { readonly name: 'LinearThompson' }
  | { readonly name: 'LinUCB' };

export type StrategyName = Strategy['name'];

/** A moment with what the past of others says. */
export interface StrategyMoment extends Moment {
  readonly neighbours: NeighbourRewards | undefined;
}

const terms = createReplayTerms();
const offsets = new Float64Array(MOST_ARMS);

/**
 * What a strategy expects of each arm and how likely it takes each. Returns the strategy that has decided: where one has
 * nothing to go by, the next simpler one does, linear → replay → ranked.
 */
export function estimate(
  strategy: Strategy,
  state: SelectionState,
  moment: StrategyMoment,
  out: Estimates,
): StrategyName {
  switch (strategy.name) {
    case 'Ranked':
      return byRank(state, moment, out);
    case 'Replay':
      return byReplay(state, moment, out);
    case 'LinearThompson':
    case 'LinUCB':
      return byLine(strategy, state, moment, out);
    case 'EpsilonGreedy': {
      const { scale } = strategy;
      epsilonGreedy(state.tally, moment, scale === undefined ? { out } : { out, scale });
      return strategy.name;
    }
    case 'UCB1':
      upperConfidence(state.tally, moment, out);
      return strategy.name;
    case 'KLUCB':
      klUpperConfidence(state.tally, moment, out);
      return strategy.name;
    case 'ThompsonSampling':
      if (strategy.posterior === 'Beta') betaThompson(state.tally, moment, out);
      else normalThompson(state.tally, moment, out);
      return strategy.name;
  }
}

/** Knows no rewards; but its score is 0 … 1 and compares. */
function byRank(_: SelectionState, moment: StrategyMoment, out: Estimates): StrategyName {
  out.mean.set(moment.ranked);
  out.deviation.fill(Infinity);
  certain(out.probability, bestArm(moment.ranked, moment));
  return 'Ranked';
}

/** As likely as each arm is the best, given what is not known of how good the replay is. */
function byReplay(state: SelectionState, moment: StrategyMoment, out: Estimates): StrategyName {
  const { neighbours, allowed } = moment;
  let known = true;
  for (let arm = 0; arm < state.arms.length; arm += 1) {
    replayTerms(state.replay, arm, { neighbours, out: terms });
    out.mean[arm] = terms.mean;
    out.deviation[arm] = terms.deviation;
    if (allowed[arm] === 1 && Number.isNaN(terms.mean)) known = false;
  }
  const best = bestArm(out.mean, moment);
  if (best < 0) return byRank(state, moment, out);
  if (known) normalWins({ ...out, allowed }, out.probability);
  else certain(out.probability, best);
  return 'Replay';
}

function byLine(
  { name }: Extract<Strategy, { name: 'LinearThompson' | 'LinUCB' }>,
  state: SelectionState,
  moment: StrategyMoment,
  out: Estimates,
): StrategyName {
  const { linear } = state;
  const { features } = moment;
  if (linear === undefined || !usable(features, linear.features)) return byReplay(state, moment, out);
  for (let arm = 0; arm < state.arms.length; arm += 1) offsets[arm] = offsetOf(state, arm, moment.neighbours);
  const linearMoment = { ...moment, features, offsets };
  if (name === 'LinUCB') linearUpperConfidence(linear, linearMoment, out);
  else linearThompson(linear, linearMoment, out);
  return name;
}

function usable(features: Float64Array | undefined, count: number): features is Float64Array {
  if (features?.length !== count) return false;
  for (const value of features) if (!Number.isFinite(value)) return false;
  return true;
}

/** What replay expects of an arm: where a line begins. */
export function offsetOf(
  { replay }: SelectionState,
  arm: number,
  neighbours: NeighbourRewards | undefined,
): number {
  const { mean } = replayTerms(replay, arm, { neighbours, out: terms });
  return Number.isNaN(mean) ? 0.5 : mean;
}

/**
 * What replay and neighbours expect becomes what the tally believes of each arm before its own rewards: to be called when a
 * window has ended or memory has answered. Arms of which neither knows anything keep what was believed.
 */
export function believeReplay(state: SelectionState, neighbours: NeighbourRewards | undefined): void {
  for (let arm = 0; arm < state.arms.length; arm += 1) {
    const { mean, deviation, ownWeight, neighbourWeight } = replayTerms(state.replay, arm, {
      neighbours,
      out: terms,
    });
    if (Number.isNaN(mean)) continue;
    // The deviation is of the mean, a belief's variance of one reward.
    const weight = Math.min(MOST_PRIOR_WEIGHT, ownWeight + neighbourWeight);
    warmStart(state, [{ arm, mean, variance: weight * deviation ** 2, weight }]);
  }
}
