import { externalReplicas } from '../../loop/plan/external-replicas.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler } from './hpa-reconciler.ts';

/** What `rate(...)` averages over, by the metric path that all contenders share. */
const RATE_SECONDS = 30;

/** Of the HPA that KEDA writes: the controller's default. */
const TOLERANCE = { up: 0.1, down: 0.1 };

/**
 * KEDA's Prometheus scaler on requests per second, `metricType: AverageValue`, and the HPA that it writes. From 1 to N
 * replicas the HPA decides, every 15 s: without `useCachedMetrics` each of its questions is a query of its own, so
 * that `pollingInterval` (30 s) and `cooldownPeriod` (300 s) only rule the way to and from 0, which is not simulated.
 * A query that fails is an error for the HPA, which then changes nothing; no `fallback` is set, as by default.
 * (An *empty* answer is another thing: KEDA takes it for 0 unless `ignoreNullValues` is false.)
 */
export const keda: Contender = {
  name: 'keda',
  title: 'KEDA on requests',
  source: 'KEDA 2.20, scalers/prometheus and reference/scaledobject-spec; kubernetes v1.36.3, podautoscaler',
  knob: {
    name: 'target requests per replica, % of capacity',
    values: [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20],
  },
  create: (knob, context) => new KedaScaler(knob, context),
};

class KedaScaler implements Scaler {
  readonly #targetPerReplica: number;
  readonly #reconciler: HpaReconciler;
  #why = '';

  constructor(percent: number, { serviceRate, bounds }: ScalerContext) {
    this.#targetPerReplica = (percent / 100) * serviceRate;
    this.#reconciler = new HpaReconciler({ ...bounds, behavior: DEFAULT_BEHAVIOR });
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

  #propose({ measured, replicas }: ScalerView): number | undefined {
    const total = measured.demand(RATE_SECONDS);
    if (total === undefined) {
      this.#why = 'requests are not measured';
      return undefined;
    }
    const result = externalReplicas({
      total,
      targetPerReplica: this.#targetPerReplica,
      currentReplicas: replicas,
      tolerance: TOLERANCE,
    });
    if (!result.usable) return undefined;
    this.#why = result.detail;
    return result.replicas;
  }
}
