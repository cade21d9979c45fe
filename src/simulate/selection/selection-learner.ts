import { createHotIndex, type HotIndex } from '../../loop/knowledge/recall/hot-index.ts';
import { lossOf, scoreArm, type LossWeights } from '../../loop/knowledge/recall/loss.ts';
import { nearest } from '../../loop/knowledge/recall/nearest.ts';
import { recall } from '../../loop/knowledge/recall/recall.ts';
import { rememberSituation } from '../../loop/knowledge/recall/remember.ts';
import { usualLosses } from '../../loop/knowledge/recall/usual-losses.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';

/** Chooses an arm for each window of one workload, and sees afterwards what every arm came to. */
export interface SelectionLearner {
  /** Name of an arm; undefined where it does not know any better than the arm in force. */
  choose(situation: Situation): string | undefined;
  observe(situation: Situation): void;
}

/** Before the windows of a workload begin: the windows of others, and what a loss is. */
export interface LearnerContext {
  readonly pool: readonly Situation[];
  /** The windows to come: for who may look ahead, as a yardstick. */
  readonly future: readonly Situation[];
  readonly weights: LossWeights;
}

export type LearnerFactory = (context: LearnerContext) => SelectionLearner;

/** Loss of each arm of a window, by name. */
export function lossesOf(situation: Situation, weights: LossWeights): ReadonlyMap<string, number> {
  const { arms, oracleReplicaSeconds, outcome } = situation;
  const window = { oracleReplicaSeconds, windowSeconds: outcome.windowSeconds };
  return new Map(arms.map((arm) => [arm.arm, lossOf(scoreArm(arm, window), weights)]));
}

/** Each window forgets half a per cent of what was before: the discount that did best of several. */
const DISCOUNT = 0.995;

/** Follow the leader: the arm with the least discounted loss so far, of this workload alone. */
export const followTheLeader: LearnerFactory = ({ weights }) => {
  const sums = new Map<string, { weight: number; loss: number }>();
  return {
    choose: () => leastOf([...sums].map(([arm, { weight, loss }]) => ({ arm, mean: loss / weight }))),
    observe: (situation) => {
      for (const sum of sums.values()) {
        sum.weight *= DISCOUNT;
        sum.loss *= DISCOUNT;
      }
      for (const [arm, loss] of lossesOf(situation, weights)) {
        const { weight, loss: before } = sums.get(arm) ?? { weight: 0, loss: 0 };
        sums.set(arm, { weight: weight + 1, loss: before + loss });
      }
    },
  };
};

/** One arm for ever. */
export const alwaysArm =
  (arm: string): LearnerFactory =>
  () => ({ choose: () => arm, observe: () => undefined });

/** A yardstick that knows what will come: the best single arm for all windows. */
export const bestForEver: LearnerFactory = ({ future, weights }) => {
  const sums = new Map<string, number>();
  for (const situation of future) {
    for (const [arm, loss] of lossesOf(situation, weights)) sums.set(arm, (sums.get(arm) ?? 0) + loss);
  }
  const best = leastOf([...sums].map(([arm, mean]) => ({ arm, mean })));
  return { choose: () => best, observe: () => undefined };
};

/** A yardstick that knows what will come: the best arm of each window. */
export const bestOfEachWindow: LearnerFactory = ({ weights }) => ({
  choose: (situation) => leastOf([...lossesOf(situation, weights)].map(([arm, mean]) => ({ arm, mean }))),
  observe: () => undefined,
});

/** The operator's memory: the least prior mean by the neighbours, of this workload and of the pool. */
export const byNeighbours: LearnerFactory = (context) =>
  fromIndex(context, (index, situation) => {
    const { priors } = recall(index, queryOf(situation), { weights: context.weights });
    return leastOf(priors);
  });

/** The same memory without its neighbours: means of this workload, and of the pool while those are few. */
export const byUsualLosses: LearnerFactory = (context) =>
  fromIndex(context, (index, situation) => {
    const query = queryOf(situation);
    const { own } = nearest(index, query, 0);
    const { means } = usualLosses(index, query, own, context.weights);
    return leastOf(index.arms.map((arm, place) => ({ arm, mean: means[place] ?? NaN })));
  });

/** A learner without the windows of others. */
export const alone =
  (factory: LearnerFactory): LearnerFactory =>
  (context) =>
    factory({ ...context, pool: [] });

type Choose = (index: HotIndex, situation: Situation) => string | undefined;

/** More than the windows of one workload. */
const OWN_CAPACITY = 10_000;

function fromIndex({ pool }: LearnerContext, choose: Choose): SelectionLearner {
  const index = createHotIndex({ capacity: pool.length + OWN_CAPACITY });
  // What others lived through is known, whenever it was.
  for (const situation of pool) rememberSituation(index, { ...situation, at: 0 });
  return {
    choose: (situation) => choose(index, situation),
    observe: (situation) => rememberSituation(index, situation),
  };
}

export function queryOf(situation: Situation): Parameters<typeof recall>[1] {
  const { id, at, embedding, embeddingVersion, policy, workload, workloadClass } = situation;
  return {
    id,
    embedding,
    embeddingVersion,
    policy,
    kind: workload.kind,
    workloadClass,
    sharing: 'Cluster',
    knownBy: at,
  };
}

/** Of equal ones the first. */
function leastOf(arms: readonly { readonly arm: string; readonly mean: number }[]): string | undefined {
  let best: { readonly arm: string; readonly mean: number } | undefined;
  for (const each of arms) if (best === undefined || each.mean < best.mean) best = each;
  return best?.arm;
}
