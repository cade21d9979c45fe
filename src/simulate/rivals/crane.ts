import { externalReplicas } from '../../loop/plan/external-replicas.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { CranePredictor, largestValue, MINUTE_MS, type Prediction } from './crane-predictor.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler } from './hpa-reconciler.ts';

const HOUR_MS = 60 * MINUTE_MS;
/** craned's `--model-update-interval`. */
const MODEL_UPDATE_MS = 12 * HOUR_MS;
/** `predictionWindowSeconds` of the EHPA sample. */
const WINDOW_MS = HOUR_MS;

const RATE_SECONDS = 30;
const SAMPLE_SECONDS = 60;
/** Of the HPA that crane writes: the controller's default. */
const TOLERANCE = { up: 0.1, down: 0.1 };

/**
 * Crane's EffectiveHorizontalPodAutoscaler with `algorithmType: dsp`: an HPA with two metrics, the one of now and the
 * largest predicted value of the next hour; the one that asks for more replicas wins. Settings of
 * examples/autoscaling/effective-hpa.yaml: samples each 60 s, history of 7 days, window 3600 s, default estimators.
 * That sample scales on CPU; here it is requests per second, the custom metric of crane's own guide
 * (docs/tutorials/effective-hpa-with-prometheus-adapter.md), as an External metric: CPU never shows more than the
 * replicas could take, and the metric adapter cuts predictions down to whole numbers, which is much for cores.
 * While no daily period is found, the predicted metric is left out and a plain HPA remains.
 */
export const crane: Contender = {
  name: 'crane',
  title: 'Crane EHPA, DSP prediction',
  source:
    'gocrane/crane v0.11.0, pkg/prediction/dsp, pkg/metricprovider, examples/autoscaling/effective-hpa.yaml',
  knob: {
    name: 'target requests per replica, % of capacity',
    values: [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20],
  },
  create: (percent, context) => new CraneScaler(percent, context),
};

/** What stands in the status of the TimeSeriesPrediction: two windows, written anew when one of them has passed. */
interface Published {
  readonly prediction: Prediction;
  /** Last minute that was written. */
  readonly until: number;
}

class CraneScaler implements Scaler {
  readonly #targetPerReplica: number;
  readonly #predictor: CranePredictor;
  readonly #reconciler: HpaReconciler;
  #updateAt: number;
  #model: Prediction | undefined;
  #published: Published | undefined;
  #sampledMinute = -Infinity;
  #why = '';

  constructor(percent: number, { serviceRate, bounds, random, startAt }: ScalerContext) {
    this.#targetPerReplica = (percent / 100) * serviceRate;
    this.#predictor = new CranePredictor(random);
    this.#reconciler = new HpaReconciler({ ...bounds, behavior: DEFAULT_BEHAVIOR });
    this.#updateAt = startAt;
  }

  decide(view: ScalerView): number {
    this.#sample(view);
    this.#update(view.now);
    return this.#reconciler.reconcile(view, this.#propose(view));
  }

  refused({ replicas }: ScalerView): void {
    this.#reconciler.overruled(replicas);
  }

  explain(): string {
    return this.#why;
  }

  /** Once in each minute that was measured; the others are gaps of the history. */
  #sample({ measured }: ScalerView): void {
    const minute = Math.floor(measured.until / MINUTE_MS);
    const demand = minute > this.#sampledMinute ? measured.demand(SAMPLE_SECONDS) : undefined;
    if (demand === undefined) return;
    this.#predictor.add(minute, demand);
    this.#sampledMinute = minute;
  }

  #update(now: number): void {
    if (now >= this.#updateAt) {
      this.#model = this.#predictor.predict();
      this.#updateAt += MODEL_UPDATE_MS;
    }
    if (minuteOf(now + WINDOW_MS) <= (this.#published?.until ?? -Infinity)) return;
    this.#published =
      this.#model === undefined
        ? undefined
        : { prediction: this.#model, until: Math.min(minuteOf(now + 2 * WINDOW_MS), this.#model.until - 1) };
  }

  #propose(view: ScalerView): number | undefined {
    const demand = view.measured.demand(RATE_SECONDS);
    const peak = this.#predictedPeak(view.now);
    const reactive = demand === undefined ? undefined : this.#replicasFor(demand, view);
    const predicted = peak === undefined ? undefined : this.#replicasFor(peak, view);
    this.#why = `now ${reactive ?? 'not measured'}, for the hour to come ${predicted ?? 'not predicted'}`;
    if (reactive !== undefined) return Math.max(reactive, predicted ?? 0);
    // An HPA with a silent metric may scale up by the other, but not down.
    return predicted === undefined ? undefined : Math.max(predicted, view.replicas);
  }

  /** Requests per second, a whole number as the metric adapter answers. */
  #predictedPeak(now: number): number | undefined {
    if (this.#published === undefined) return undefined;
    const last = Math.min(minuteOf(now + WINDOW_MS), this.#published.until);
    const largest = largestValue(this.#published.prediction, Math.ceil(now / MINUTE_MS), last);
    return largest === undefined ? undefined : Math.trunc(largest);
  }

  #replicasFor(total: number, { replicas }: ScalerView): number | undefined {
    const result = externalReplicas({
      total,
      targetPerReplica: this.#targetPerReplica,
      currentReplicas: replicas,
      tolerance: TOLERANCE,
    });
    return result.usable ? result.replicas : undefined;
  }
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS);
}
