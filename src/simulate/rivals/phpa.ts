import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { cpuReplicas } from './cpu-replicas.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler } from './hpa-reconciler.ts';
import { HoltWintersModel, LinearModel, type PhpaModel } from './phpa-models.ts';

interface PhpaOptions {
  readonly name: string;
  readonly title: string;
  /** `syncPeriod`; PHPA's default is the HPA's 15 s. */
  readonly syncSeconds: number;
  readonly model: () => PhpaModel;
}

const TOLERANCE = { up: 0.1, down: 0.1 };

/**
 * PredictiveHorizontalPodAutoscaler v0.13.2: the HPA's arithmetic on CPU gives a number of replicas each sync period,
 * a model foretells that *number* from its history, and the larger one is wanted (`decisionType: maximum`). Then come
 * the defaults of `behavior`, which are the HPA's: scale-down stabilisation 300 s, at most twice as many or 4 more in
 * 15 s. When the metrics cannot be read, nothing changes and nothing is remembered. The CPU initialisation period is the
 * documented one of 5 min (in the code it is 30 s).
 */
function phpaContender(options: PhpaOptions): Contender {
  return {
    name: options.name,
    title: options.title,
    source: 'jthomperoo/predictive-horizontal-pod-autoscaler v0.13.2 (statsmodels 0.14.0)',
    knob: {
      name: 'target CPU utilization, %',
      values: [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20],
    },
    create: (percent, context) => new PhpaScaler(percent, options, context),
  };
}

class PhpaScaler implements Scaler {
  readonly #percent: number;
  readonly #syncMs: number;
  readonly #model: PhpaModel;
  readonly #reconciler: HpaReconciler;
  #syncAt = -Infinity;
  #why = '';

  constructor(percent: number, { syncSeconds, model }: PhpaOptions, context: ScalerContext) {
    this.#percent = percent;
    this.#syncMs = syncSeconds * 1000;
    this.#model = model();
    this.#reconciler = new HpaReconciler({ ...context.bounds, behavior: DEFAULT_BEHAVIOR });
  }

  decide(view: ScalerView): number {
    if (view.now < this.#syncAt) return view.replicas;
    this.#syncAt = view.now + this.#syncMs;
    return this.#reconciler.reconcile(view, this.#propose(view));
  }

  refused({ replicas }: ScalerView): void {
    this.#reconciler.overruled(replicas);
  }

  explain(): string {
    return this.#why;
  }

  #propose(view: ScalerView): number | undefined {
    const calculated = cpuReplicas(view, this.#percent, TOLERANCE);
    if (calculated === undefined) {
      this.#why = 'CPU is not measured';
      return undefined;
    }
    const predicted = this.#model.predict(view.now, calculated);
    this.#why = `by CPU ${calculated}, predicted ${predicted}`;
    return Math.max(calculated, predicted);
  }
}

/**
 * `historySize` 6 and `lookAhead` 10 s as in PHPA's examples; there are no defaults. Looking further ahead than one sync
 * period feeds on itself: an increase that was foretold is what the HPA's arithmetic stays at while the new pods are not
 * measured yet, and becomes the slope of the next prediction. With 50 s (start-up, and the age of the metrics) and this
 * history the replicas run up to their maximum again and again.
 */
export const phpaLinear = phpaContender({
  name: 'phpa-linear',
  title: 'PHPA, linear regression',
  syncSeconds: 15,
  model: () => new LinearModel({ historySize: 6, lookAheadMs: 10_000 }),
});

const HOLT_WINTERS_SYNC_SECONDS = 60;

/**
 * A season is a day, as PHPA's guide has it. The history counts sync periods (`perSyncPeriod` only leaves predictions
 * out since v0.11) and the forecast is one of them ahead: 60 s reach past start-up and age of the metrics, and the
 * `storedSeasons` 4 of the examples fit into the ConfigMap that keeps them (1 MiB), which at 15 s they would not.
 * The examples' weights are 0.9, 0.9 and 0.9, for seasons of six values; over days their errors double with each
 * season (γ > 1 − α is unstable). These are the best of five sets on the traces that this project develops with.
 */
export const phpaHoltWinters = phpaContender({
  name: 'phpa-holt-winters',
  title: 'PHPA, Holt-Winters',
  syncSeconds: HOLT_WINTERS_SYNC_SECONDS,
  model: () =>
    new HoltWintersModel({
      level: 0.1,
      trend: 0.01,
      season: 0.1,
      periods: 86_400 / HOLT_WINTERS_SYNC_SECONDS,
      storedSeasons: 4,
    }),
});
