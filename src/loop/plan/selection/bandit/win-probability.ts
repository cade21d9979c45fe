import { MOST_ARMS } from '../moment.ts';
import { normalCdf } from './normal-cdf.ts';

// How likely each arm is the best of all, where what is believed of them is independent: what Thompson sampling takes it
// with. Found by adding up over a grid; so it needs no Monte Carlo, rolls no dice, and is the same everywhere.

/** Steps of each normal arm's own scale: −4 … 4 standard deviations by halves. */
const STEPS = 17;
/** Cells of the grid on which beta distributions are added up. */
const BETA_CELLS = 256;

const MOST_EDGES = MOST_ARMS * STEPS;
const edges = new Float64Array(MOST_EDGES);
/** Distribution function of each arm at each edge, arm by arm. */
const below = new Float64Array(MOST_ARMS * Math.max(MOST_EDGES, BETA_CELLS + 1));

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
    for (let i = 0; i < count; i += 1) below[row + i] = normalCdf(((edges[i] ?? 0) - centre) * scale);
  }
  addUp(allowed, count, probability);
}

interface Betas {
  /** α and β of each arm, above 0. */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  readonly allowed: Uint8Array;
}

// On the angle u of sin²(u) every beta distribution is about as wide, 1 ÷ (2 √(α + β)), wherever it lies.
const logShare = new Float64Array(BETA_CELLS);
const logRest = new Float64Array(BETA_CELLS);
for (let cell = 0; cell < BETA_CELLS; cell += 1) {
  const angle = (Math.PI / 2) * ((cell + 0.5) / BETA_CELLS);
  logShare[cell] = 2 * Math.log(Math.sin(angle));
  logRest[cell] = 2 * Math.log(Math.cos(angle));
}

/** Of independent beta arms; within 0.005 of the true probabilities up to some 20,000 rewards of an arm. */
export function betaWins({ alpha, beta, allowed }: Betas, probability: Float64Array): void {
  const count = BETA_CELLS + 1;
  for (let arm = 0; arm < alpha.length; arm += 1) {
    if (allowed[arm] === 1) fillBeta(alpha[arm] ?? 1, beta[arm] ?? 1, arm * count);
  }
  addUp(allowed, count, probability);
}

/** The density in the angle: the derivative of sin² brings half a power of each. */
function fillBeta(alpha: number, beta: number, row: number): void {
  let highest = -Infinity;
  for (let cell = 0; cell < BETA_CELLS; cell += 1) {
    const logarithm = (alpha - 0.5) * (logShare[cell] ?? 0) + (beta - 0.5) * (logRest[cell] ?? 0);
    below[row + cell + 1] = logarithm;
    if (logarithm > highest) highest = logarithm;
  }
  let sum = 0;
  below[row] = 0;
  for (let cell = 1; cell <= BETA_CELLS; cell += 1) {
    const logarithm = (below[row + cell] ?? 0) - highest;
    // e^-40 beside 1 is nothing.
    if (logarithm > -40) sum += Math.exp(logarithm);
    below[row + cell] = sum;
  }
  for (let cell = 1; cell <= BETA_CELLS; cell += 1) below[row + cell] = (below[row + cell] ?? 0) / sum;
}

const active = new Uint8Array(MOST_ARMS);

/** Σ over cells: how much of the arm lies in the cell × how much of each other lies below its middle. */
function addUp(allowed: Uint8Array, count: number, probability: Float64Array): void {
  probability.fill(0);
  let arms = 0;
  for (let arm = 0; arm < allowed.length; arm += 1) {
    if (allowed[arm] !== 1) continue;
    active[arms] = arm;
    arms += 1;
  }
  for (let place = 0; place < arms; place += 1) {
    const arm = active[place] ?? 0;
    const row = arm * count;
    let sum = 0;
    for (let cell = 1; cell < count; cell += 1) {
      const share = (below[row + cell] ?? 0) - (below[row + cell - 1] ?? 0);
      if (share > 0) sum += share * othersBelow(place, arms, { count, cell });
    }
    probability[arm] = sum;
  }
  normalize(probability, allowed);
}

function othersBelow(place: number, arms: number, { count, cell }: { count: number; cell: number }): number {
  let product = 1;
  for (let other = 0; other < arms && product > 0; other += 1) {
    if (other === place) continue;
    const at = (active[other] ?? 0) * count + cell;
    product *= 0.5 * ((below[at] ?? 0) + (below[at - 1] ?? 0));
  }
  return product;
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
