import { MOST_ARMS } from '../moment.ts';
import { quickNormalCdf } from './normal-cdf.ts';

// How likely each arm is the best of all, where what is believed of them is independent: what Thompson sampling takes it
// with. Found by adding up over a grid; so it needs no Monte Carlo, rolls no dice, and is the same everywhere.

/** Steps of each normal arm's own scale: −4 … 4 standard deviations by halves. */
const STEPS = 17;
/** Cells of the grids on which beta distributions are added up: a coarse one where no arm has more than so many rewards. */
const COARSE = { cells: 128, rewards: 1000 } as const;
const FINE_CELLS = 256;

const MOST_EDGES = MOST_ARMS * STEPS;
const edges = new Float64Array(MOST_EDGES);
/** Distribution function of each arm at each edge, arm by arm. */
const below = new Float64Array(MOST_ARMS * Math.max(MOST_EDGES, FINE_CELLS + 1));

interface Normals {
  readonly mean: Float64Array;
  /** Above 0 and finite where allowed. */
  readonly deviation: Float64Array;
  readonly allowed: Uint8Array;
}

/**
 * Of independent normal arms. The grid has each arm's own steps, so that narrow arms are seen beside wide ones; within 0.005
 * of the true probabilities.
 */
export function normalWins({ mean, deviation, allowed }: Normals, probability: Float64Array): void {
  const arms = mean.length;
  let count = 0;
  for (let arm = 0; arm < arms; arm += 1) {
    if (allowed[arm] !== 1) continue;
    for (let step = 0; step < STEPS; step += 1) {
      edges[count] = (mean[arm] ?? 0) + (step / 2 - 4) * (deviation[arm] ?? 0);
      count += 1;
    }
  }
  edges.subarray(0, count).sort();
  for (let arm = 0; arm < arms; arm += 1) {
    if (allowed[arm] !== 1) continue;
    const centre = mean[arm] ?? 0;
    const scale = 1 / (deviation[arm] ?? 1);
    const row = arm * count;
    for (let i = 0; i < count; i += 1) below[row + i] = quickNormalCdf(((edges[i] ?? 0) - centre) * scale);
  }
  addUp(allowed, count, probability);
}

interface Betas {
  /** α and β of each arm, above 0. */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly allowed: Uint8Array;
}

/** ln sin²(u) and ln cos²(u) at the middles of equal cells of the angle u. */
interface AngleGrid {
  readonly cells: number;
  readonly logShare: Float64Array;
  readonly logRest: Float64Array;
}

/** On the angle u of sin²(u) every beta distribution is about as wide, 1 ÷ (2 √(α + β)), wherever it lies. */
function angleGrid(cells: number): AngleGrid {
  const angles = Float64Array.from({ length: cells }, (_, cell) => ((Math.PI / 2) * (cell + 0.5)) / cells);
  return {
    cells,
    logShare: angles.map((angle) => 2 * Math.log(Math.sin(angle))),
    logRest: angles.map((angle) => 2 * Math.log(Math.cos(angle))),
  };
}

const coarse = angleGrid(COARSE.cells);
const fine = angleGrid(FINE_CELLS);

/** Of independent beta arms; within 0.005 of the true probabilities up to some 10,000 rewards of an arm. */
export function betaWins({ alpha, beta, allowed }: Betas, probability: Float64Array): void {
  let most = 0;
  for (let arm = 0; arm < alpha.length; arm += 1) {
    if (allowed[arm] === 1) most = Math.max(most, (alpha[arm] ?? 1) + (beta[arm] ?? 1));
  }
  const grid = most <= COARSE.rewards ? coarse : fine;
  const count = grid.cells + 1;
  for (let arm = 0; arm < alpha.length; arm += 1) {
    if (allowed[arm] === 1) fillBeta(grid, { alpha: alpha[arm] ?? 1, beta: beta[arm] ?? 1 }, arm * count);
  }
  addUp(allowed, count, probability);
}

/** The density in the angle: the derivative of sin² brings half a power of each. */
function fillBeta(
  { cells, logShare, logRest }: AngleGrid,
  { alpha, beta }: { readonly alpha: number; readonly beta: number },
  row: number,
): void {
  let highest = -Infinity;
  for (let cell = 0; cell < cells; cell += 1) {
    const logarithm = (alpha - 0.5) * (logShare[cell] ?? 0) + (beta - 0.5) * (logRest[cell] ?? 0);
    below[row + cell + 1] = logarithm;
    if (logarithm > highest) highest = logarithm;
  }
  let sum = 0;
  below[row] = 0;
  for (let cell = 1; cell <= cells; cell += 1) {
    const logarithm = (below[row + cell] ?? 0) - highest;
    // e^-40 beside 1 is nothing.
    if (logarithm > -40) sum += Math.exp(logarithm);
    below[row + cell] = sum;
  }
  for (let cell = 1; cell <= cells; cell += 1) below[row + cell] = (below[row + cell] ?? 0) / sum;
}

const active = new Uint8Array(MOST_ARMS);
const middle = new Float64Array(MOST_ARMS);
const before = new Float64Array(MOST_ARMS);

/** Σ over cells: how much of the arm lies in the cell × how much of each other lies below its middle. */
function addUp(allowed: Uint8Array, count: number, probability: Float64Array): void {
  probability.fill(0);
  let arms = 0;
  for (let arm = 0; arm < allowed.length; arm += 1) {
    if (allowed[arm] !== 1) continue;
    active[arms] = arm;
    arms += 1;
  }
  for (let cell = 1; cell < count; cell += 1) addCell(arms, { count, cell }, probability);
  normalize(probability, allowed);
}

/** The product of all others is that of those before times that of those after. */
function addCell(
  arms: number,
  { count, cell }: { readonly count: number; readonly cell: number },
  probability: Float64Array,
): void {
  let product = 1;
  for (let place = 0; place < arms; place += 1) {
    const at = entry(active, place) * count + cell;
    const half = 0.5 * (entry(below, at) + entry(below, at - 1));
    middle[place] = half;
    before[place] = product;
    product *= half;
  }
  let after = 1;
  for (let place = arms - 1; place >= 0 && after > 0; place -= 1) {
    const arm = entry(active, place);
    const at = arm * count + cell;
    const share = entry(below, at) - entry(below, at - 1);
    probability[arm] = entry(probability, arm) + share * after * entry(before, place);
    after *= entry(middle, place);
  }
}

function entry(row: Float64Array | Uint8Array, place: number): number {
  return row[place] ?? 0;
}

function normalize(probability: Float64Array, allowed: Uint8Array): void {
  let sum = 0;
  let count = 0;
  for (let arm = 0; arm < probability.length; arm += 1) {
    sum += probability[arm] ?? 0;
    count += allowed[arm] ?? 0;
  }
  for (let arm = 0; arm < probability.length; arm += 1) {
    // Arms that lie all in one cell of the others' leave nothing to add up: they are alike.
    probability[arm] = sum > 0 ? (probability[arm] ?? 0) / sum : (allowed[arm] ?? 0) / count;
  }
}
