import { coveredShare } from './coverage.ts';

/** Levels that the loss is the mean of, about the continuous ranked probability score. */
export const LOSS_LEVELS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] as const;

/** How one method did on one series, up to one horizon. */
export interface HorizonScore {
  /** Steps 1 … steps are scored. */
  readonly steps: number;
  /** Twice the quantile loss, mean over the levels, divided by the sum of what came; null where that is 0. */
  readonly wql: number | null;
  /** The same undivided: ratios between methods are taken of it. */
  readonly loss: number;
  /** Share of outcomes within 0.1 … 0.9 and within 0.025 … 0.975, at the origins; null without those levels. */
  readonly coverage80: number;
  readonly coverage95: number | null;
}

/** Sums of scores up to one horizon. */
export class HorizonSums {
  readonly steps: number;
  #loss = 0;
  #actual = 0;
  #covered80 = 0;
  #covered95 = 0;
  #count = 0;

  constructor(steps: number) {
    this.steps = steps;
  }

  add(actual: number, quantiles: ArrayLike<number>, levels: readonly number[]): void {
    for (const [i, level] of levels.entries()) {
      if (level < 0.1 || level > 0.9) continue;
      this.#loss += (2 * quantileLoss(actual, quantiles[i] ?? 0, level)) / LOSS_LEVELS.length;
    }
    this.#actual += Math.abs(actual);
    this.#covered80 += coveredShare(actual, quantiles, levels, [0.1, 0.9]);
    this.#covered95 += levels.includes(0.975) ? coveredShare(actual, quantiles, levels, [0.025, 0.975]) : NaN;
    this.#count++;
  }

  score(): HorizonScore | undefined {
    if (this.#count === 0) return undefined;
    const covered95 = this.#covered95 / this.#count;
    return {
      steps: this.steps,
      wql: this.#actual === 0 ? null : this.#loss / this.#actual,
      loss: this.#loss,
      coverage80: this.#covered80 / this.#count,
      coverage95: Number.isNaN(covered95) ? null : covered95,
    };
  }
}

function quantileLoss(actual: number, forecast: number, level: number): number {
  return actual > forecast ? level * (actual - forecast) : (1 - level) * (forecast - actual);
}
