import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';

/** Defaults of the ConfigMap config-autoscaler. */
const STABLE_WINDOW_SECONDS = 60;
const PANIC_THRESHOLD = 2;
const MAX_SCALE_UP_RATE = 1000;
const MAX_SCALE_DOWN_RATE = 2;

/**
 * `panic-window-percentage` 10 is 6 s, of samples that Knative takes each second from its own queue proxy. The metric
 * path of the simulation, the same for all, resolves 15 s: the shortest window that can be measured here.
 */
const PANIC_WINDOW_SECONDS = 15;

/**
 * Knative's Pod Autoscaler with `metric: rps` (knative/serving at 00a4a55, pkg/autoscaler/scaling/autoscaler.go, Scale, and
 * config/core/configmaps/autoscaler.yaml): requests per second over a stable minute, and a panic mode that follows a
 * much shorter window and never scales down. `scale-down-delay` is 0. The knob is the target after
 * `container-concurrency-target-percentage`, so that 70 is what that setting is by default. Decides every 15 s as
 * everybody here, instead of every 2 s; scaling to zero is not simulated.
 */
export const kpa: Contender = {
  name: 'kpa',
  title: 'Knative KPA on requests',
  source: 'knative/serving at 00a4a55, pkg/autoscaler/scaling/autoscaler.go',
  knob: {
    name: 'target requests per replica, % of capacity',
    values: [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20],
  },
  create: (knob, context) => new KpaScaler(knob, context),
};

class KpaScaler implements Scaler {
  readonly #target: number;
  /** When the panic threshold was last exceeded; undefined in stable mode. */
  #panicAt: number | undefined;
  #maxPanicPods = 0;
  #started = false;

  constructor(percent: number, { serviceRate }: ScalerContext) {
    this.#target = (percent / 100) * serviceRate;
  }

  decide(view: ScalerView): number {
    this.#start(view);
    const stable = view.measured.demand(STABLE_WINDOW_SECONDS);
    const panic = view.measured.demand(PANIC_WINDOW_SECONDS);
    if (stable === undefined || panic === undefined) return view.replicas;

    const ready = Math.max(1, view.ready);
    const most = Math.ceil(MAX_SCALE_UP_RATE * ready);
    const fewest = Math.floor(ready / MAX_SCALE_DOWN_RATE);
    const within = (pods: number): number => Math.min(most, Math.max(fewest, pods));
    const panicPods = Math.ceil(panic / this.#target);
    this.#updateMode(view.now, panicPods / ready >= PANIC_THRESHOLD);
    const stablePods = within(Math.ceil(stable / this.#target));
    if (this.#panicAt === undefined) return stablePods;
    this.#maxPanicPods = Math.max(this.#maxPanicPods, stablePods, within(panicPods));
    return this.#maxPanicPods;
  }

  explain(): string {
    const target = Number(this.#target.toPrecision(3));
    return this.#panicAt === undefined
      ? `mean of ${STABLE_WINDOW_SECONDS} s, ${target} requests/s for each replica`
      : `panic: mean of ${PANIC_WINDOW_SECONDS} s, ${target} requests/s for each replica, never fewer than before`;
  }

  /** An autoscaler that starts beside more than one pod has no history yet, and panics so as not to drop them. */
  #start({ now, ready }: ScalerView): void {
    if (this.#started) return;
    this.#started = true;
    if (ready <= 1) return;
    this.#panicAt = now;
    this.#maxPanicPods = ready;
  }

  #updateMode(now: number, overThreshold: boolean): void {
    if (overThreshold) {
      this.#panicAt = now;
    } else if (this.#panicAt !== undefined && this.#panicAt + STABLE_WINDOW_SECONDS * 1000 < now) {
      this.#panicAt = undefined;
      this.#maxPanicPods = 0;
    }
  }
}
