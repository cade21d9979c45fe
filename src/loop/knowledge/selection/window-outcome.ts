import { rewardOfLoss, rewardVarianceOfLoss, type LossScale } from '../../plan/selection/loss-reward.ts';
import type { KeptWindow } from '../../plan/selection/promise.ts';
import type { ChoiceOutcome } from '../../plan/selection/outcome.ts';
import type { NeighbourRewards } from '../../plan/selection/replay-learner.ts';
import { PSEUDO_COUNT, type ArmPrior } from '../recall/arm-priors.ts';
import { DEFAULT_WEIGHTS, lossOf, scoreArm, type LossWeights } from '../recall/loss.ts';
import { REPLAY_DOUBTED } from '../recall/remember.ts';
import type { Situation } from '../situation.ts';

function scaleOf({ most }: LossWeights): LossScale {
  return { least: 1, most };
}

/**
 * What came of the arm that was in force in a window, and what all arms would have come to, as rewards of one scale: that of the
 * losses by which memory compares arms. A window's choice has the window's id.
 * @param arms in their order in the selection
 */
export function windowOutcome(
  situation: Situation,
  arms: readonly string[],
  weights: LossWeights = DEFAULT_WEIGHTS,
): ChoiceOutcome {
  const { id, at, policy, outcome, censored, succeeded } = situation;
  const doubted = situation.arms.length === 0 || censored.some((reason) => REPLAY_DOUBTED.has(reason));
  return {
    choiceId: id,
    owner: policy.uid,
    at: at + 1000 * outcome.windowSeconds,
    reward: realReward(situation, weights),
    succeeded,
    censored: censored.length > 0,
    replayed: doubted ? undefined : replayedRewards(situation, arms, weights),
  };
}

/**
 * What of the objective each arm would have used up in a window, and what was really used up: bad requests, or seconds in
 * violation where the policy is not about requests.
 * @param acting the arm in force was followed
 */
export function keptWindow(
  { arms: replayed, action, demand, outcome, censored, workloadClass }: Situation,
  arms: readonly string[],
  acting: boolean,
): KeptWindow {
  const requests = workloadClass === 'Requests';
  const real = requests ? outcome.badRequests : outcome.violatedSeconds;
  const counts = acting && censored.length === 0 && real !== null;
  return {
    bad: Float64Array.from(arms, (name) => {
      const found = replayed.find(({ arm }) => arm === name);
      return (requests ? found?.badRequests : found?.violatedSeconds) ?? NaN;
    }),
    total: replayed.length === 0 ? 0 : requests ? demand : outcome.windowSeconds,
    real: counts ? { arm: arms.indexOf(action.arm), bad: real } : undefined,
  };
}

/** Null where the violated time was not measured, or where without a replay there is no clairvoyant to compare with. */
function realReward({ arms, outcome, oracleReplicaSeconds }: Situation, weights: LossWeights): number | null {
  const { violatedSeconds, replicaSeconds, windowSeconds, measuredSeconds } = outcome;
  if (arms.length === 0 || violatedSeconds === null || !(measuredSeconds > 0)) return null;
  // What was not measured was as bad as what was.
  const violated = (violatedSeconds / measuredSeconds) * windowSeconds;
  const score = scoreArm(
    { replicaSeconds, violatedSeconds: violated },
    { oracleReplicaSeconds, windowSeconds },
  );
  const reward = rewardOfLoss(lossOf(score, weights), scaleOf(weights));
  return Number.isNaN(reward) ? null : reward;
}

function replayedRewards(
  { arms: replayed, outcome, oracleReplicaSeconds }: Situation,
  arms: readonly string[],
  weights: LossWeights,
): Float64Array {
  const window = { oracleReplicaSeconds, windowSeconds: outcome.windowSeconds };
  return Float64Array.from(arms, (name) => {
    const found = replayed.find(({ arm }) => arm === name);
    return found === undefined
      ? NaN
      : rewardOfLoss(lossOf(scoreArm(found, window), weights), scaleOf(weights));
  });
}

/**
 * What memory says of each arm in situations like this one, as rewards; NaN for an arm that it does not know. What is usual
 * stands in each prior beside the neighbours, and counts.
 */
export function neighbourRewards(
  priors: readonly ArmPrior[],
  arms: readonly string[],
  weights: LossWeights = DEFAULT_WEIGHTS,
): NeighbourRewards {
  const scale = scaleOf(weights);
  const found = arms.map((name) => priors.find(({ arm }) => arm === name));
  return {
    mean: Float64Array.from(found, (prior) => (prior === undefined ? NaN : rewardOfLoss(prior.mean, scale))),
    variance: Float64Array.from(found, (prior) =>
      prior === undefined ? NaN : rewardVarianceOfLoss(prior.variance, scale),
    ),
    weight: Float64Array.from(found, (prior) => (prior === undefined ? 0 : prior.weight + PSEUDO_COUNT)),
  };
}
