import type { Expert, Outcome } from './expert.ts';
import { LEVELS } from './horizons.ts';
import { quantileExpert } from './quantile-expert.ts';
import { residualExpert } from './residual-expert.ts';

/** The experts' states for one window length, in the order of `EXPERTS`. */
export type PanelState = unknown[];

/**
 * An equal mean of both: on the development traces as good as either alone at the 95th percentile and better at
 * the 99th. Learned weights belong here when there are more experts to weigh.
 */
const EXPERTS: readonly Expert<unknown>[] = [erase(residualExpert), erase(quantileExpert)];

/** One expert's quantiles while they are pooled; never read before it is written. */
const SCRATCH = new Float64Array(LEVELS.length);

export const EXPERT_COUNT = EXPERTS.length;

export function createPanel(windowMinutes: number): PanelState {
  return EXPERTS.map((expert) => expert.create(windowMinutes));
}

/** Writes the pooled quantiles, and each expert's point forecast into `points`. */
export function predictPanel(
  panel: PanelState,
  features: Float64Array,
  pooled: Float64Array,
  points: Float64Array,
): void {
  const own = SCRATCH;
  let awake = 0;
  pooled.fill(0);
  EXPERTS.forEach((expert, e) => {
    points[e] = expert.predict(panel[e], features, own);
    if (!expert.isAwake(panel[e])) return;
    awake++;
    for (let k = 0; k < own.length; k++) pooled[k] = (pooled[k] ?? 0) + (own[k] ?? 0);
  });
  for (let k = 0; k < own.length; k++) pooled[k] = (pooled[k] ?? 0) / Math.max(1, awake);
}

/** `points` are those that `predictPanel` gave for this window. */
export function learnPanel(
  panel: PanelState,
  features: Float64Array,
  target: number,
  points: ArrayLike<number>,
): void {
  EXPERTS.forEach((expert, e) => {
    const outcome: Outcome = { features, target, point: points[e] ?? 0 };
    expert.learn(panel[e], outcome);
  });
}

/** States differ by expert; each is only ever given back to the expert that made it. */
function erase<State>(expert: Expert<State>): Expert<unknown> {
  return expert as Expert<unknown>;
}
