import { externalReplicas } from '../../loop/plan/external-replicas.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { erlangReplicas } from './erlang-replicas.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler } from './hpa-reconciler.ts';
import { SeasonalQuantile } from './seasonal-quantile.ts';

const RATE_SECONDS = 30;
const TOLERANCE = { up: 0.1, down: 0.1 };

/**
 * Of the HPA beside the forecast: 60 % leaves room for a rise that no other day had. With 80 % the forecast has to
 * carry what the HPA is late for, at a level that costs more on the development traces; with 50 % it has nothing to do.
 */
const TARGET_UTILIZATION = 0.6;

/** A replica is there for one decision and the time in which the next one starts. */
const SLACK_SECONDS = 30;

/**
 * Time-of-day forecast with a calibrated upper bound, or the load of now, whichever asks for more replicas: two
 * metrics of one HPA, of which one is a forecast. The knob is the level of the bound.
 */
export const seasonal: Contender = {
  name: 'seasonal',
  title: 'Seasonal + conformal, or HPA on requests',
  source:
    'seasonal median with split conformal residuals (Lei et al., JASA 2018); kubernetes v1.36.3, podautoscaler',
  knob: {
    name: 'level of the upper bound, %',
    values: [50, 60, 70, 80, 85, 90, 95, 97, 98, 99, 99.5, 99.9],
  },
  create: (level, context) => new SeasonalScaler(level / 100, context),
};

class SeasonalScaler implements Scaler {
  readonly #level: number;
  readonly #context: ScalerContext;
  readonly #forecast = new SeasonalQuantile();
  readonly #reconciler: HpaReconciler;
  #why = '';

  constructor(level: number, context: ScalerContext) {
    this.#level = level;
    this.#context = context;
    this.#reconciler = new HpaReconciler({ ...context.bounds, behavior: DEFAULT_BEHAVIOR });
  }

  decide(view: ScalerView): number {
    return this.#reconciler.reconcile(view, this.#propose(view));
  }

  refused({ replicas }: ScalerView): void {
    this.#reconciler.overruled(replicas);
  }

  explain(): string {
    return this.#why;
  }

  #propose({ measured, now, replicas }: ScalerView): number | undefined {
    const demand = measured.demand(RATE_SECONDS);
    if (demand === undefined) {
      this.#why = 'requests are not measured';
      return undefined;
    }
    this.#forecast.add(measured.until - 1, demand);
    const reactive = externalReplicas({
      total: demand,
      targetPerReplica: TARGET_UTILIZATION * this.#context.serviceRate,
      currentReplicas: replicas,
      tolerance: TOLERANCE,
    });
    const forecast = this.#forecastReplicas(now);
    if (!reactive.usable) return undefined;
    this.#why = `now ${reactive.replicas}, by the time of day ${forecast}`;
    return Math.max(reactive.replicas, forecast);
  }

  #forecastReplicas(now: number): number {
    const until = now + (this.#context.startupSeconds + SLACK_SECONDS) * 1000;
    const rate = this.#forecast.upper(now, until, this.#level);
    return rate === undefined ? 0 : erlangReplicas(rate, this.#context);
  }
}
