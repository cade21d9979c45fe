import { behaviorSchema, type ScalingRules } from '../../api/spec/behavior.ts';
import { limitRate } from '../../loop/guard/behavior.ts';
import {
  createScalingHistory,
  recommendationRange,
  recordInitialRecommendation,
  recordRecommendation,
  recordScaleEvent,
} from '../../loop/guard/history.ts';
import { stabilize } from '../../loop/guard/stabilization.ts';
import type { ScalerView } from '../scaler.ts';

export interface HpaBehavior {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

export interface HpaLimits {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Absent in an HPA that was written without `behavior`: the older fixed rules hold for it. */
  readonly behavior?: HpaBehavior | undefined;
}

/** The defaults that the Kubernetes documentation gives for `behavior`. */
export const DEFAULT_BEHAVIOR: HpaBehavior = behaviorSchema.parse({});

/** `--horizontal-pod-autoscaler-downscale-stabilization`. */
const DOWNSCALE_STABILIZATION_SECONDS = 300;
/** horizontal.go, calculateScaleUpLimit: twice as many, or this many from fewer than two. */
const FEWEST_AT_ONCE = 4;

/**
 * What an HPA makes of the replicas that its metrics propose: stabilisation, rates, bounds (kubernetes v1.36.3
 * horizontal.go, reconcileAutoscaler, normalizeDesiredReplicasWithBehaviors and normalizeDesiredReplicas). One
 * instance for each HPA, asked once each sync period.
 */
export class HpaReconciler {
  readonly #limits: HpaLimits;
  readonly #history = createScalingHistory();
  /** The last decision, until it is known what the API server took: a refused one must not count against the rates. */
  #sent: { readonly at: number; readonly from: number; readonly to: number } | undefined;

  constructor(limits: HpaLimits) {
    this.#limits = limits;
  }

  /** @param proposed replicas by the metrics; undefined when they cannot be computed, which changes nothing. */
  reconcile({ now, replicas: current }: ScalerView, proposed: number | undefined): number {
    this.#confirm();
    recordInitialRecommendation(this.#history, now, current);
    const to = this.#decide(now, current, proposed);
    this.#sent = { at: now, from: current, to };
    return to;
  }

  /** @param replicas what stands in place of the last decision; those from before it where the write was refused. */
  overruled(replicas: number): void {
    if (this.#sent !== undefined) this.#sent = { ...this.#sent, to: replicas };
  }

  #confirm(): void {
    const { at, from, to } = this.#sent ?? { at: 0, from: 0, to: 0 };
    if (to !== from) recordScaleEvent(this.#history, at, from, to);
    this.#sent = undefined;
  }

  #decide(now: number, current: number, proposed: number | undefined): number {
    const { minReplicas, maxReplicas, behavior } = this.#limits;
    // Outside its bounds an HPA looks at no metric.
    if (current < minReplicas) return minReplicas;
    if (current > maxReplicas) return maxReplicas;
    if (proposed === undefined) return current;
    const wanted =
      behavior === undefined
        ? this.#byFixedRules(now, current, proposed)
        : this.#byBehavior(now, current, proposed, behavior);
    recordRecommendation(this.#history, now, proposed);
    return Math.min(maxReplicas, Math.max(minReplicas, wanted));
  }

  #byBehavior(now: number, current: number, desired: number, { scaleUp, scaleDown }: HpaBehavior): number {
    const history = this.#history;
    const { value } = stabilize({
      desired,
      current,
      scaleUpWindowSeconds: scaleUp.stabilizationWindowSeconds ?? 0,
      scaleDownWindowSeconds: scaleDown.stabilizationWindowSeconds ?? DOWNSCALE_STABILIZATION_SECONDS,
      history,
      now,
    });
    return limitRate({ desired: value, current, scaleUp, scaleDown, history, now }).value;
  }

  #byFixedRules(now: number, current: number, desired: number): number {
    const window = { now, seconds: DOWNSCALE_STABILIZATION_SECONDS };
    const { highest } = recommendationRange(this.#history, desired, window);
    return Math.min(highest, Math.max(2 * current, FEWEST_AT_ONCE));
  }
}
