import {
  ExponentialSmoothing,
  leastObservations,
  startingObservations,
  type SmoothingParameters,
} from './phpa-exponential-smoothing.ts';
import { ceilReplicas, linearPrediction, type TimedReplicas } from './phpa-linear-regression.ts';

/** One entry of `spec.models`: keeps the replicas that the metrics ask for, and foretells them. */
export interface PhpaModel {
  /**
   * Called once each sync period with what the metrics ask for now.
   * @param now ms since the epoch.
   */
  predict(now: number, replicas: number): number;
}

/**
 * `type: Linear` (PHPA v0.13.2, internal/prediction/linear). The history is pruned after the prediction, so that
 * `historySize` + 1 values take part in it, as upstream.
 */
export class LinearModel implements PhpaModel {
  readonly #historySize: number;
  readonly #lookAheadMs: number;
  #history: TimedReplicas[] = [];

  constructor(options: { readonly historySize: number; readonly lookAheadMs: number }) {
    this.#historySize = options.historySize;
    this.#lookAheadMs = options.lookAheadMs;
  }

  predict(now: number, replicas: number): number {
    this.#history.push({ at: now, replicas });
    const predicted = linearPrediction(this.#history, now + this.#lookAheadMs);
    this.#history = this.#history.slice(-this.#historySize);
    return predicted;
  }
}

/**
 * `type: HoltWinters` with additive trend and season (PHPA v0.13.2, internal/prediction/holtwinters): the whole history
 * is smoothed anew each time, and the oldest season goes when one more than `storedSeasons` has built up. Here
 * observations are added to what was smoothed before, which is the same until those change that the initial state is
 * taken from.
 *
 * Upstream's PruneHistory sorts the newest first while new values are appended at the end, so that the series reaches
 * statsmodels almost backwards. That is plainly not meant; here it is in order.
 */
export class HoltWintersModel implements PhpaModel {
  readonly #parameters: SmoothingParameters;
  readonly #storedSeasons: number;
  #history: number[] = [];
  #smoothing: ExponentialSmoothing | undefined;
  #starting = 0;

  constructor(options: SmoothingParameters & { readonly storedSeasons: number }) {
    this.#parameters = options;
    this.#storedSeasons = options.storedSeasons;
  }

  /** 0 until two seasons are known. */
  predict(_now: number, replicas: number): number {
    const { periods } = this.#parameters;
    const history = this.#history;
    history.push(replicas);
    if (history.length < leastObservations(periods)) return 0;
    const starting = startingObservations(history.length, periods);
    if (this.#smoothing === undefined || starting !== this.#starting) {
      this.#starting = starting;
      this.#smoothing = new ExponentialSmoothing(history, this.#parameters);
    } else {
      this.#smoothing.add(replicas);
    }
    const predicted = ceilReplicas(this.#smoothing.forecast());
    const surplus = Math.trunc(history.length / periods) - this.#storedSeasons;
    if (surplus > 0) {
      this.#history = history.slice(surplus * periods);
      this.#smoothing = undefined;
    }
    return predicted;
  }
}
