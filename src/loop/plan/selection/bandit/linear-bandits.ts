import { bestArm, certain, MOST_ARMS, type Estimates, type Moment } from '../moment.ts';
import { estimateLinear, type LinearModel } from './linear-model.ts';
import { normalWins } from './win-probability.ts';

/** What is expected of each arm before its line corrects it: replay's mean, or 0.5 where there is none. */
interface LinearMoment extends Moment {
  readonly features: Float64Array;
  readonly offsets: Float64Array;
}

const line = { mean: 0, deviation: 0 };
const index = new Float64Array(MOST_ARMS);

/**
 * Linear Thompson sampling (Agrawal and Goyal, ICML 2013), each arm with a line of its own: their scores are independent
 * normal numbers. Where the model forgets, it is the discounted form of Kim and Tewari (2020).
 */
export function linearThompson(model: LinearModel, moment: LinearMoment, out: Estimates): void {
  estimateLines(model, moment, out);
  normalWins({ ...out, allowed: moment.allowed }, out.probability);
}

/**
 * Deviations above the mean. Theory asks for 1 + √(ln(2 ÷ δ) ÷ 2), 2.4 at δ = 5 %, on rewards with a deviation of 1 (Li et al.,
 * WWW 2010); deviations here are of the rewards as they vary.
 */
const WIDTH = 2;

/**
 * LinUCB (Li et al., WWW 2010), and D-LinUCB where the model forgets (Russac et al., NeurIPS 2019; its second matrix, of squared
 * weights, is never larger than the first, so that this bound is the wider).
 */
export function linearUpperConfidence(model: LinearModel, moment: LinearMoment, out: Estimates): void {
  estimateLines(model, moment, out);
  for (let arm = 0; arm < model.arms; arm += 1)
    index[arm] = (out.mean[arm] ?? 0) + WIDTH * (out.deviation[arm] ?? 0);
  certain(out.probability, bestArm(index.subarray(0, model.arms), moment));
}

function estimateLines(model: LinearModel, { features, offsets }: LinearMoment, out: Estimates): void {
  for (let arm = 0; arm < model.arms; arm += 1) {
    estimateLinear(model, arm, { features, out: line });
    out.mean[arm] = Math.min(1, Math.max(0, (offsets[arm] ?? 0.5) + line.mean));
    // Rounding may leave nothing; a grid needs some width.
    out.deviation[arm] = Math.max(1e-6, line.deviation);
  }
}
