/**
 * Half-space trees (Tan, Ting, Liu: "Fast anomaly detection for streaming data", IJCAI 2011): random trees that halve a
 * box; a point is strange where few of the last window's points were. The trees are of no data, so one forest serves a
 * whole class of workloads, each with its own masses.
 */
export interface HalfSpaceForest {
  readonly features: number;
  readonly trees: number;
  /** Splits from a root to a leaf. */
  readonly depth: number;
  /** Of each inner node of each tree, breadth first: which feature is split, and where. */
  readonly splitFeatures: Uint8Array;
  readonly splits: Float32Array;
}

/** How many points of a window passed each node: of the window before, which judges, and of the present one. */
export interface HalfSpaceMasses {
  readonly reference: Uint16Array;
  readonly latest: Uint16Array;
  /** Points in the present window. */
  count: number;
  /** Whether a window is complete. */
  complete: boolean;
}

export interface HalfSpaceOptions {
  /** 1 to 256. */
  readonly features: number;
  readonly trees: number;
  readonly depth: number;
  /** Uniform in [0, 1); only used here. */
  readonly random: () => number;
}

/** Points of a window, as in the paper. */
const WINDOW = 250;
/** A node with so few points is as far as one looks: a tenth of a window, as in the paper. */
const SIZE_LIMIT = WINDOW / 10;
/** Features are standardized; nearly all of them are within. */
const REACH = 4;

export function createHalfSpaceForest(options: HalfSpaceOptions): HalfSpaceForest {
  const { features, trees, depth, random } = options;
  const inner = 2 ** depth - 1;
  const forest = {
    features,
    trees,
    depth,
    splitFeatures: new Uint8Array(trees * inner),
    splits: new Float32Array(trees * inner),
  };
  for (let tree = 0; tree < trees; tree++) plant(forest, tree, random);
  return forest;
}

export function createHalfSpaceMasses({ trees, depth }: HalfSpaceForest): HalfSpaceMasses {
  const nodes = trees * (2 ** (depth + 1) - 1);
  return {
    reference: new Uint16Array(nodes),
    latest: new Uint16Array(nodes),
    count: 0,
    complete: false,
  };
}

/**
 * How empty it was around a point in the last window, in halvings of the density; at least 0, and 0 before a window is
 * complete. Then counts the point. A feature that is NaN is not asked: the way down ends where it would have to be.
 * @param point standardized: around 0, most within ±4.
 */
export function observeHalfSpace(
  forest: HalfSpaceForest,
  masses: HalfSpaceMasses,
  point: Float64Array,
): number {
  let density = 0;
  for (let tree = 0; tree < forest.trees; tree++) density += descend(forest, masses, tree, point);
  const { complete } = masses;
  masses.count += 1;
  if (masses.count === WINDOW) turn(masses);
  if (!complete) return 0;
  // Half a point where there was none, and none denser than all of a window in one leaf.
  return Math.max(0, forest.depth - Math.log2(density / (forest.trees * WINDOW) + 0.5 / WINDOW));
}

function turn(masses: HalfSpaceMasses): void {
  masses.reference.set(masses.latest);
  masses.latest.fill(0);
  masses.count = 0;
  masses.complete = true;
}

/** Passes a point down one tree. @returns mass of the node that it is judged by × 2 to the power of its depth */
function descend(
  forest: HalfSpaceForest,
  masses: HalfSpaceMasses,
  tree: number,
  point: Float64Array,
): number {
  const { depth, splitFeatures, splits } = forest;
  const { reference, latest } = masses;
  const firstNode = tree * (2 ** (depth + 1) - 1);
  const firstSplit = tree * (2 ** depth - 1);
  let node = 0;
  let judged = -1;
  for (let level = 0; level <= depth; level++) {
    const place = firstNode + node;
    latest[place] = (latest[place] ?? 0) + 1;
    const mass = reference[place] ?? 0;
    // Below the leaves there is no feature to ask for, and the way ends as it does at a missing one.
    const value = level < depth ? valueAt(point, splitFeatures, firstSplit + node) : NaN;
    const ends = Number.isNaN(value);
    if (judged < 0 && (ends || mass <= SIZE_LIMIT)) judged = mass * 2 ** level;
    if (ends) break;
    node = 2 * node + (value < (splits[firstSplit + node] ?? 0) ? 1 : 2);
  }
  return judged;
}

function valueAt(point: Float64Array, splitFeatures: Uint8Array, split: number): number {
  return point[splitFeatures[split] ?? 0] ?? NaN;
}

/** A tree's box reaches twice as far from a random middle as the data, as in the paper; each split halves one side. */
function plant(forest: HalfSpaceForest, tree: number, random: () => number): void {
  const { features, depth } = forest;
  const low = new Float64Array(features);
  const high = new Float64Array(features);
  for (let i = 0; i < features; i++) {
    const middle = random();
    const reach = 2 * Math.max(middle, 1 - middle);
    low[i] = (middle - reach - 0.5) * 2 * REACH;
    high[i] = (middle + reach - 0.5) * 2 * REACH;
  }
  split(forest, { low, high, random, first: tree * (2 ** depth - 1) }, 0, 0);
}

interface Planting {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly random: () => number;
  readonly first: number;
}

function split(forest: HalfSpaceForest, planting: Planting, node: number, level: number): void {
  if (level === forest.depth) return;
  const { low, high, random, first } = planting;
  const feature = Math.trunc(random() * forest.features);
  const from = low[feature] ?? 0;
  const to = high[feature] ?? 0;
  const middle = (from + to) / 2;
  forest.splitFeatures[first + node] = feature;
  forest.splits[first + node] = middle;
  high[feature] = middle;
  split(forest, planting, 2 * node + 1, level + 1);
  high[feature] = to;
  low[feature] = middle;
  split(forest, planting, 2 * node + 2, level + 1);
  low[feature] = from;
}
