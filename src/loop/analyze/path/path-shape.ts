/** Time in bins of five minutes: the shortest horizon, and the unit of all others. Days are UTC. */
export const PATH_BIN_MS = 300_000;
export const PATH_BINS_PER_DAY = 288;
export const BLOCK_BINS = 2;

/**
 * Levels whose quantiles are forecast directly; others are interpolated between them. The nine from 0.1 to 0.9 teach
 * the weights, the outer ones share those of their neighbours.
 */
export const PATH_LEVELS = [0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99] as const;
export const LEVEL_COUNT = PATH_LEVELS.length;
/** Where the nine levels begin, where they end (excluded), and where the median is. */
export const INNER_FROM = 1;
export const INNER_TO = 10;
export const MEDIAN = 5;

/** How much a series may cost: `Full` for people's forecasts, `Light` for a fleet. */
export type PathTier = 'Full' | 'Light';

/**
 * All experts. The first six give a point, whose past errors give the quantiles (a ring for each); the others give
 * quantiles directly. Elsewhere an expert is its index here.
 */
export const PATH_EXPERTS = [
  'last', // the newest value
  'smoothed', // exponential smoothing, α = 0.3
  'yesterday', // the same time a day ago, three bins
  'week', // the same time a week ago, with part of today's distance from that week
  'regression', // recursive least squares on levels, profile and week
  'profile', // the day's median profile times today's ratio to it
  'shifted', // quantiles of this time of day, each day moved to today's level
  'phase', // quantiles of this time of day over a week
  'hours', // quantiles of the last hours
] as const;
export type PathExpert = (typeof PATH_EXPERTS)[number];
export const [LAST, SMOOTHED, YESTERDAY, WEEK, REGRESSION, PROFILE, SHIFTED, PHASE, HOURS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8,
] as const;
export const POINT_EXPERTS = 6;

/** What can be left out, to see what it is worth: an expert, learning whom to trust, or following each level's frequency. */
export const PATH_PARTS = [...PATH_EXPERTS, 'aggregation', 'calibration'] as const;
export type PathPart = (typeof PATH_PARTS)[number];
export const [AGGREGATION, CALIBRATION] = [9, 10] as const;

/** Sizes of one tier, and where each part lies in its arrays. */
export interface PathShape {
  /** Horizons that are learned, in bins, rising. */
  readonly knots: readonly number[];
  /** A knot is issued and scored only at steps divisible by its stride. */
  readonly strides: readonly number[];
  /** The same for every knot at least, except in the first day and after a revision, when all is learned as fast as it can. */
  readonly calmStride: number;
  /** Issued forecasts that wait for their outcome, for each knot. */
  readonly slots: readonly number[];
  readonly slotFrom: readonly number[];
  readonly slotSize: number;
  /** Slots keep the quantiles of the time of day, and the shifted ones after them; else they are looked up again. */
  readonly keepsPhase: boolean;
  /** Those that take part, by their index; point experts first. */
  readonly experts: readonly number[];
  /** The same as bits: expert e takes part when bit e is set. */
  readonly mask: number;
  /** The first so many have rings. */
  readonly rings: number;
  readonly ringSize: number;
  /** Groups of levels with weights of their own. */
  readonly groups: number;
  /** Where in the levels each group begins; and the end of the last. */
  readonly groupFrom: readonly number[];
  /** Inputs of the regression. */
  readonly features: number;
  readonly historyBins: number;
  /** Bins of the median profile: a day; 0 where the week's blocks stand for it. */
  readonly profileBins: number;
  /** Means of ten minutes that are kept: a week, where the history is shorter; else 0. */
  readonly blocks: number;
  /** Days whose accuracy is remembered. */
  readonly accuracyDays: number;
  /** The last hours' quantiles are renewed every so many steps, and kept for the longest horizon. */
  readonly hoursEvery: number;
  readonly hoursSets: number;
  readonly shortSets: number;
  /** Offset of each part in the Float32 slab. */
  readonly at: SlabOffsets;
  readonly slabSize: number;
  /** Numbers of one knot in the Float64 part: covariance (lower triangle), then coefficients. */
  readonly preciseSize: number;
}

interface SlabOffsets {
  readonly history: number;
  readonly profile: number;
  readonly rings: number;
  readonly ringQuantiles: number;
  readonly slots: number;
  readonly weights: number;
  readonly regret: number;
  readonly variance: number;
  readonly range: number;
  readonly offsets: number;
  readonly trust: number;
  readonly shortSets: number;
  readonly longSets: number;
  readonly accuracy: number;
  readonly accuracyDays: number;
}

/** `hours` looks back six hours, and for horizons up to these bins three. */
export const SHORT_HORIZON = 12;

/**
 * Numbers kept of each knot's accuracy, fading sums: loss, the loss of the time of day's quantiles, share of outcomes within the
 * 80 % interval, how many were scored; then the losses of last week and of the daily profile where both were awake.
 */
export const ACCURACY_SIZE = 6;
export const [LOSS, YARDSTICK, COVERED, SCORED, WEEK_LOSS, PROFILE_LOSS] = [0, 1, 2, 3, 4, 5] as const;

/**
 * Of a slot: the scale; which experts were awake; the newest value; three points; the issued quantiles 0.1, 0.5 and 0.9;
 * then the features, and where they are kept the quantiles of the time of day and the shifted ones.
 */
export const [SLOT_SCALE, SLOT_AWAKE, SLOT_BEFORE, SLOT_WEEK, SLOT_REGRESSION, SLOT_PROFILE] = [
  0, 1, 2, 3, 4, 5,
] as const;
export const SLOT_ISSUED = 6;
export const SLOT_FEATURES = 9;

interface TierSizes {
  readonly knots: readonly number[];
  readonly strides: readonly number[];
  readonly calmStride: number;
  readonly experts: readonly number[];
  readonly rings: number;
  readonly ringSize: number;
  readonly groups: 1 | 3;
  readonly features: number;
  readonly historyBins: number;
  readonly profileBins: number;
  readonly blocks: number;
  readonly accuracyDays: number;
  readonly hoursEvery: number;
}

function shapeOf(sizes: TierSizes): PathShape {
  const { knots, strides, experts, rings, ringSize, groups, features, historyBins } = sizes;
  const slots = knots.map((knot, k) => Math.ceil(knot / (strides[k] ?? 1)) + 2);
  const slotFrom = slots.map((_, k) => slots.slice(0, k).reduce((sum, count) => sum + count, 0));
  const longest = knots.at(-1) ?? 1;
  const hoursSets = Math.ceil(longest / sizes.hoursEvery) + 1;
  const shortSets = Math.ceil(SHORT_HORIZON / sizes.hoursEvery) + 1;
  const mask = experts.reduce((bits, expert) => bits | (1 << expert), 0);
  const keepsPhase = ((mask >> SHIFTED) & 1) === 1;
  const slotSize = SLOT_FEATURES + features + (keepsPhase ? 2 * LEVEL_COUNT : 0);
  const learned = knots.length * groups * experts.length;
  let size = 0;
  const take = (count: number): number => {
    size += count;
    return size - count;
  };
  const at: SlabOffsets = {
    history: take(historyBins),
    profile: take(sizes.profileBins),
    rings: take(knots.length * rings * ringSize),
    ringQuantiles: take(knots.length * rings * LEVEL_COUNT),
    slots: take(slots.reduce((sum, count) => sum + count, 0) * slotSize),
    weights: take(learned),
    regret: take(learned),
    variance: take(learned),
    range: take(learned),
    offsets: take(knots.length * LEVEL_COUNT),
    trust: take(knots.length * 4),
    shortSets: take(shortSets * LEVEL_COUNT),
    longSets: take(hoursSets * LEVEL_COUNT),
    accuracy: take(knots.length * ACCURACY_SIZE),
    accuracyDays: take((sizes.accuracyDays + 1) * ACCURACY_SIZE),
  };
  return {
    ...sizes,
    mask,
    slots,
    slotFrom,
    slotSize,
    keepsPhase,
    groupFrom: groups === 1 ? [0, LEVEL_COUNT] : [0, MEDIAN - 1, MEDIAN + 2, LEVEL_COUNT],
    hoursSets,
    shortSets,
    at,
    slabSize: size,
    preciseSize: (features * (features + 1)) / 2 + features,
  };
}

/**
 * Knots to 21 h; none is a whole day, for there the newest value and yesterday's would be one expert, and its weight
 * would leak to shorter horizons. Strides are coprime with 12, so that not always the same minute of the hour teaches.
 * To issue the next bin at every step would cost as much as all other knots and gain 0.4 %.
 */
const FULL = shapeOf({
  knots: [1, 3, 6, 12, 24, 48, 84, 156, 252],
  strides: [1, 5, 7, 7, 7, 11, 11, 13, 17],
  calmStride: 5,
  experts: [LAST, SMOOTHED, YESTERDAY, WEEK, REGRESSION, PROFILE, SHIFTED, PHASE, HOURS],
  rings: 6,
  ringSize: 64,
  groups: 3,
  features: 13,
  // A week, the bins around it, and a power of two.
  historyBins: 2048,
  profileBins: PATH_BINS_PER_DAY,
  blocks: 0,
  accuracyDays: 14,
  hoursEvery: 6,
});

const LIGHT = shapeOf({
  knots: [1, 3, 12, 48, 180],
  strides: [1, 5, 5, 11, 41],
  calmStride: 5,
  experts: [REGRESSION, PROFILE, PHASE, HOURS],
  rings: 2,
  ringSize: 24,
  groups: 1,
  features: 6,
  // What the last hours need.
  historyBins: 80,
  profileBins: 0,
  // A week, and the blocks around.
  blocks: 1020,
  accuracyDays: 5,
  hoursEvery: 36,
});

export function shapeOfTier(tier: PathTier): PathShape {
  return tier === 'Full' ? FULL : LIGHT;
}
