/**
 * What every arm came to in each window, by replay of the demand that really came: full feedback, so that nothing has to be
 * risked to learn it (follow the leader with a discount; Sinclair et al., "Hindsight learning for MDPs with exogenous inputs",
 * ICML 2023). Of the arm in force both are known, what replay says and what really came: their difference corrects the
 * replay. Plain data, rewards 0 … 1.
 */
export interface ReplayLearner {
  readonly arms: number;
  /** By arm `FIELDS` numbers, then `FIELDS` of all arms together. */
  readonly sums: Float64Array;
}

/** Weight, sum and sum of squares of replayed rewards; then the same of how much the replay was too good. */
const FIELDS = 6;
const WEIGHT = 0;
const SUM = 1;
const SQUARE = 2;
const COMPARED = 3;
const EXCESS = 4;
/** Of an arm the sum of squares; in the last row that of absolute values. */
const EXCESS_SIZE = 5;

/** Each window leaves so much of those before it: the discount of follow-the-leader that did best of several. */
const DISCOUNT = 0.995;
/** Own windows count at most so much beside neighbours, as the usual beside neighbours does in memory. */
const MOST_OWN_WEIGHT = 20;
/** So many windows in which an arm was in force count as much against the replay as the replay itself. */
const CORRECTION_WINDOWS = 5;
/** What replay has wrong, it has mostly wrong of all arms: variance of that ÷ variance of an arm's own. */
const COMMON_TO_OWN = 2;
/** Before a window was compared the replay is taken to be wrong by so much, standard deviation of a reward. */
const USUAL_EXCESS = 0.05;

export function createReplayLearner(arms: number): ReplayLearner {
  return { arms, sums: new Float64Array(FIELDS * (arms + 1)) };
}

/** What is known of each arm, where `from` has its place in the old learner or −1; and of all together. */
export function copyReplay(source: ReplayLearner, target: ReplayLearner, from: readonly number[]): void {
  for (const [arm, old] of [...from, source.arms].entries()) {
    if (old >= 0) target.sums.set(source.sums.subarray(FIELDS * old, FIELDS * (old + 1)), FIELDS * arm);
  }
}

/** A window that is over. */
export interface ReplayedRewards {
  /** Of each arm, 0 … 1; NaN where it was not replayed. */
  readonly replayed: Float64Array;
  /** The arm in force and what really came; undefined where that cannot be told. */
  readonly real?: { readonly arm: number; readonly reward: number } | undefined;
}

/** Takes a window in; false, and nothing changed, when a number cannot be a reward. */
export function learnReplay(learner: ReplayLearner, window: ReplayedRewards): boolean {
  const { arms, sums } = learner;
  const { replayed, real } = window;
  if (!isPossible(window, arms)) return false;
  for (let i = 0; i < sums.length; i += 1) sums[i] = (sums[i] ?? 0) * DISCOUNT;
  for (const [arm, reward] of replayed.entries()) {
    if (!Number.isNaN(reward)) addTo(sums, FIELDS * arm + WEIGHT, reward, reward * reward);
  }
  const promised = replayed[real?.arm ?? -1] ?? NaN;
  if (real === undefined || Number.isNaN(promised)) return true;
  const excess = promised - real.reward;
  addTo(sums, FIELDS * real.arm + COMPARED, excess, excess * excess);
  addTo(sums, FIELDS * arms + COMPARED, excess, Math.abs(excess));
  return true;
}

function isPossible({ replayed, real }: ReplayedRewards, arms: number): boolean {
  const isReward = (reward: number): boolean => reward >= 0 && reward <= 1;
  if (replayed.length !== arms || !replayed.every((one) => Number.isNaN(one) || isReward(one))) return false;
  return real === undefined || (isReward(real.reward) && real.arm >= 0 && real.arm < arms);
}

function addTo(sums: Float64Array, at: number, value: number, size: number): void {
  sums[at] = (sums[at] ?? 0) + 1;
  sums[at + 1] = (sums[at + 1] ?? 0) + value;
  sums[at + 2] = (sums[at + 2] ?? 0) + size;
}

/** What similar situations say of each arm, as rewards. */
export interface NeighbourRewards {
  /** NaN for an arm that they do not know. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** So many windows they count as. */
  readonly weight: Float64Array;
}

/** Where what is expected of an arm comes from. NaN where a source knows nothing. */
export interface ReplayTerms {
  own: number;
  ownWeight: number;
  neighbours: number;
  neighbourWeight: number;
  /** Taken off: how much the replay of this arm is too good. */
  correction: number;
  /** Windows in which the arm was in force and both are known. */
  compared: number;
  mean: number;
  /** Standard deviation of the mean, the doubt about the replay included. */
  deviation: number;
}

export function createReplayTerms(): ReplayTerms {
  return {
    own: NaN,
    ownWeight: 0,
    neighbours: NaN,
    neighbourWeight: 0,
    correction: 0,
    compared: 0,
    mean: NaN,
    deviation: Infinity,
  };
}

/** What is expected of one arm, source by source. Writes into `out`, which comes back. */
export function replayTerms(
  learner: ReplayLearner,
  arm: number,
  { neighbours, out }: { readonly neighbours: NeighbourRewards | undefined; readonly out: ReplayTerms },
): ReplayTerms {
  const ownVariance = readOwn(learner, arm, out);
  const neighbourVariance = readNeighbours(neighbours, arm, out);
  correct(learner, arm, out);
  const total = out.ownWeight + out.neighbourWeight;
  out.mean = NaN;
  out.deviation = Infinity;
  if (total === 0) return out;
  const share = out.neighbourWeight / total;
  const base = mixed(out.own, out.neighbours, share);
  const variance = mixed(ownVariance, neighbourVariance, share);
  out.mean = Math.min(1, Math.max(0, base - out.correction));
  out.deviation = Math.sqrt(variance / total + doubtOf(learner, arm));
  return out;
}

/** Own windows; returns how much one of them varies. */
function readOwn({ sums }: ReplayLearner, arm: number, out: ReplayTerms): number {
  const at = FIELDS * arm;
  const weight = sums[at + WEIGHT] ?? 0;
  out.ownWeight = Math.min(MOST_OWN_WEIGHT, weight);
  out.own = weight > 0 ? (sums[at + SUM] ?? 0) / weight : NaN;
  return weight > 0 ? Math.max(0, (sums[at + SQUARE] ?? 0) / weight - out.own * out.own) : 0;
}

/** Neighbours that are no numbers are none. */
function readNeighbours(neighbours: NeighbourRewards | undefined, arm: number, out: ReplayTerms): number {
  if (neighbours === undefined) return noNeighbours(out);
  const mean = neighbours.mean[arm] ?? NaN;
  const weight = neighbours.weight[arm] ?? NaN;
  const variance = neighbours.variance[arm] ?? NaN;
  if (!(mean >= 0 && mean <= 1 && weight > 0 && weight < Infinity && variance >= 0)) return noNeighbours(out);
  out.neighbours = mean;
  out.neighbourWeight = weight;
  return Math.min(1, variance);
}

function noNeighbours(out: ReplayTerms): number {
  out.neighbours = NaN;
  out.neighbourWeight = 0;
  return 0;
}

function mixed(own: number, neighbours: number, share: number): number {
  if (share === 0) return own;
  return share === 1 ? neighbours : (1 - share) * own + share * neighbours;
}

/**
 * How much too good replay is of an arm: what all arms have in common, and what is the arm's own, each as likely as a normal
 * number about 0 and told apart as far as windows tell (the best linear unbiased prediction of a one-way random effects
 * model; Gelman et al., Bayesian Data Analysis, §5.4). An arm that was never in force has the common part.
 */
function correct(learner: ReplayLearner, arm: number, out: ReplayTerms): void {
  const common = commonExcess(learner);
  const { compared, trust, excess } = excessOf(learner, arm);
  out.compared = compared;
  out.correction = common + trust * (excess - common);
}

function commonExcess(learner: ReplayLearner): number {
  let weight = 1 / COMMON_TO_OWN;
  let sum = 0;
  for (let arm = 0; arm < learner.arms; arm += 1) {
    const { trust, excess } = excessOf(learner, arm);
    weight += trust;
    sum += trust * excess;
  }
  return sum / weight;
}

/** Mean excess of one arm, from how many windows, and how much of it is the arm's and not chance, 0 … 1. */
function excessOf(
  { sums }: ReplayLearner,
  arm: number,
): { readonly compared: number; readonly trust: number; readonly excess: number } {
  const compared = sums[FIELDS * arm + COMPARED] ?? 0;
  if (!(compared > 0)) return { compared: 0, trust: 0, excess: 0 };
  const excess = (sums[FIELDS * arm + EXCESS] ?? 0) / compared;
  return { compared, trust: compared / (compared + CORRECTION_WINDOWS), excess };
}

/** Variance of an arm's correction: the less it was in force, the less anybody knows how good its replay is. */
function doubtOf({ sums }: ReplayLearner, arm: number): number {
  const at = FIELDS * arm;
  const compared = sums[at + COMPARED] ?? 0;
  const mean = compared > 0 ? (sums[at + EXCESS] ?? 0) / compared : 0;
  const spread = Math.max(0, (sums[at + EXCESS_SIZE] ?? 0) - compared * mean * mean);
  const variance = (CORRECTION_WINDOWS * USUAL_EXCESS ** 2 + spread) / (CORRECTION_WINDOWS + compared);
  return variance / (1 + compared);
}

/** How far replay and reality are apart, in rewards. */
export interface Disagreement {
  /** Windows in which both are known, as far as they are not forgotten. */
  readonly windows: number;
  /** Mean of replayed − real: above 0 the replay is too good. NaN before the first window. */
  readonly bias: number;
  /** Mean of their distance. NaN before the first window. */
  readonly size: number;
}

export function disagreementOf({ arms, sums }: ReplayLearner): Disagreement {
  const at = FIELDS * arms;
  const windows = sums[at + COMPARED] ?? 0;
  if (!(windows > 0)) return { windows: 0, bias: NaN, size: NaN };
  return {
    windows,
    bias: (sums[at + EXCESS] ?? 0) / windows,
    size: (sums[at + EXCESS_SIZE] ?? 0) / windows,
  };
}
