/**
 * What exploring may cost: at any time the rewards so far, with those still to come at their lower bound, are at least (1 − α) of
 * what the champion alone would have brought (conservative bandits: Wu et al., ICML 2016; Kazerouni et al., NeurIPS 2017; checked
 * when a choice is made, as CLUCB2 does, Garcelon et al., AAAI 2020). What the champion would have brought in a window in which
 * another arm was in force, the replay tells afterwards. Plain data; rewards 0 … 1.
 */
export interface Ledger extends ExploredSoFar {
  /** Share of the champion's rewards that may be lost, 0 … 1. */
  readonly alpha: number;
  /** Rewards minus (1 − α) of the champion's, those to come at their worst. Never counted beyond `MOST_SLACK`. */
  slack: number;
}

/** What trying has come to. */
export interface ExploredSoFar {
  /** Choices of another arm than the champion, and those that were not made because they could have cost too much. */
  explored: number;
  heldBack: number;
  /** Of the explorations that could be compared: how many, what they brought, what the champion would have. */
  compared: number;
  rewards: number;
  baseline: number;
}

export const USUAL_ALPHA = 0.05;

/** What a whole window without any reward costs: a good year must not pay for a bad day. */
const MOST_SLACK = 1;

/** @throws RangeError when alpha is not 0 … 1 */
export function createLedger(alpha: number = USUAL_ALPHA): Ledger {
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`alpha must be between 0 and 1, found ${alpha}`);
  return { alpha, slack: 0, explored: 0, heldBack: 0, compared: 0, rewards: 0, baseline: 0 };
}

/** What an exploration risks. */
export interface Risk {
  /** The least that the arm is believed to bring. */
  readonly lower: number;
  /** The most that the champion is believed to bring. */
  readonly baselineUpper: number;
}

/** What has to be set aside for it: from 0 up. */
export function reserveFor({ alpha }: Ledger, { lower, baselineUpper }: Risk): number {
  const most = Math.min(1, Number.isNaN(baselineUpper) ? 1 : baselineUpper);
  const least = Number.isNaN(lower) ? 0 : Math.max(0, lower);
  return Math.max(0, (1 - alpha) * most - least);
}

export function affords(ledger: Ledger, risk: Risk): boolean {
  return reserveFor(ledger, risk) <= ledger.slack;
}

/** An exploration begins; returns what is set aside until its outcome is known. */
export function beginExploration(ledger: Ledger, risk: Risk): number {
  const reserve = reserveFor(ledger, risk);
  ledger.slack -= reserve;
  ledger.explored += 1;
  return reserve;
}

/** An exploration is over. Where nobody can tell what it brought, what was set aside is gone: this function is not called. */
export function endExploration(
  ledger: Ledger,
  { reserve, reward, baseline }: { reserve: number; reward: number; baseline: number },
): void {
  earn(ledger, reserve + reward - (1 - ledger.alpha) * baseline);
  ledger.compared += 1;
  ledger.rewards += reward;
  ledger.baseline += baseline;
}

/** A window of the champion: it brings what it brings, of which α may be lost elsewhere. */
export function endChampion(ledger: Ledger, reward: number): void {
  earn(ledger, ledger.alpha * reward);
}

function earn(ledger: Ledger, amount: number): void {
  ledger.slack = Math.min(MOST_SLACK, ledger.slack + amount);
}
