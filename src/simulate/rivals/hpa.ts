import { parseQuantity } from '../../api/quantity.ts';
import type { Tolerance } from '../../loop/plan/replica-arithmetic.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { coresPerPod } from './pod-cpu.ts';
import { cpuReplicas } from './cpu-replicas.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler, type HpaBehavior } from './hpa-reconciler.ts';

export interface HpaOptions {
  /** As in `--rivals`. */
  readonly name: string;
  readonly title: string;
  /** `averageUtilization` in percent of the request; several are tried on the warm-up. */
  readonly targets: readonly number[];
  /** Bounds of the HPA's own; those of the simulation when absent. */
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  /** `null` for an HPA that was written without any; the documented defaults when absent. */
  readonly behavior?: HpaBehavior | null;
}

/**
 * HorizontalPodAutoscaler v2 on CPU utilisation, as kube-controller-manager v1.36.3 runs it with its default flags:
 * one sync each decision (15 s), tolerance 10 %, CPU initialisation period 5 min, initial readiness delay 30 s.
 */
export function hpaContender(options: HpaOptions): Contender {
  return {
    name: options.name,
    title: options.title,
    source: 'kubernetes v1.36.3, pkg/controller/podautoscaler',
    knob: { name: 'target CPU utilization, %', values: options.targets },
    create: (target, context) => new HpaScaler(target, options, context),
  };
}

class HpaScaler implements Scaler {
  readonly #target: number;
  readonly #tolerance: Tolerance;
  readonly #reconciler: HpaReconciler;
  #seen: ScalerView | undefined;

  constructor(target: number, options: HpaOptions, { bounds }: ScalerContext) {
    this.#target = target;
    const { scaleUp, scaleDown } = options.behavior ?? DEFAULT_BEHAVIOR;
    this.#tolerance = { up: parseQuantity(scaleUp.tolerance), down: parseQuantity(scaleDown.tolerance) };
    this.#reconciler = new HpaReconciler({
      minReplicas: options.minReplicas ?? bounds.minReplicas,
      maxReplicas: options.maxReplicas ?? bounds.maxReplicas,
      behavior: options.behavior === null ? undefined : { scaleUp, scaleDown },
    });
  }

  decide(view: ScalerView): number {
    this.#seen = view;
    return this.#reconciler.reconcile(view, cpuReplicas(view, this.#target, this.#tolerance));
  }

  refused({ replicas }: ScalerView): void {
    this.#reconciler.overruled(replicas);
  }

  explain(): string {
    const cores = this.#seen === undefined ? undefined : coresPerPod(this.#seen);
    if (cores === undefined) return 'CPU is not measured';
    return `CPU at ${Math.floor(cores * 100)} % of the request, target ${this.#target} %`;
  }
}

/** Cheapest first. */
const TARGETS = [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20];

export const hpa = hpaContender({ name: 'hpa', title: 'HPA on CPU', targets: TARGETS });

/** What most people run: the target of the documentation's examples, tuned by nobody. */
export const hpaUntuned = hpaContender({ name: 'hpa-70', title: 'HPA on CPU, 70 %', targets: [70] });
