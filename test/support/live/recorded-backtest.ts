import type { PodView } from '../../../src/loop/monitor/observation.ts';
import type { PolicySpec } from '../../../src/api/policy-spec.ts';
import { prepareArrivals } from '../../../src/simulate/arrivals.ts';
import { AutonomicScaler } from '../../../src/simulate/autonomic/autonomic-scaler.ts';
import { randomStream } from '../../../src/simulate/random.ts';
import type { Scaler, ScalerView } from '../../../src/simulate/scaler.ts';
import { simulate } from '../../../src/simulate/simulate.ts';
import type { SimulationConfig } from '../../../src/simulate/simulation-config.ts';
import type { Trace } from '../../../src/simulate/trace-demand.ts';

/** What the backtest's loop was shown at one of its ticks; undefined where nothing was measured. */
export interface SeenTick {
  /** Ms since the epoch. */
  readonly now: number;
  /** End of what was measured, ms since the epoch. */
  readonly until: number;
  readonly replicas: number;
  readonly ready: number;
  readonly pods: readonly PodView[];
  /** Requests per second, mean of 30 s. */
  readonly demand: number | undefined;
  /** Requests per second, all and bad ones, since the tick before. */
  readonly requests: number | undefined;
  readonly bad: number | undefined;
}

/** A change of the replicas, with the sentence that explains it. */
export interface Change {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** What the forecast said at a tick, to the last bit; undefined when there was none to act on. */
export type Bound = number | undefined;

export interface RecordedBacktest {
  readonly spec: PolicySpec;
  readonly ticks: readonly SeenTick[];
  readonly changes: readonly Change[];
  /** One for each tick. */
  readonly bounds: readonly Bound[];
}

/** The mean over which the backtest's metrics path averages a metric. */
const AVERAGED_SECONDS = 30;

/** The backtest of a policy on a trace, with everything that its loop was shown on the way. */
export function recordBacktest(trace: Trace, spec: PolicySpec, config: SimulationConfig): RecordedBacktest {
  const arrivals = prepareArrivals(trace, config);
  const context = {
    startAt: arrivals.startAt,
    decisionSeconds: config.decisionSeconds,
    serviceRate: config.service.requestsPerSecond,
    objective: config.objective,
    startupSeconds: config.startup.medianSeconds,
    bounds: config.bounds,
    warmup: new Float64Array(),
    random: randomStream(arrivals.seed, 'contender'),
  };
  const recorder = new RecordingScaler(new AutonomicScaler(spec, context));
  simulate({ arrivals, config, scaler: recorder, warmupSeconds: 0 });
  const { ticks, changes, bounds } = recorder;
  return { spec, ticks, changes, bounds };
}

class RecordingScaler implements Scaler {
  readonly ticks: SeenTick[] = [];
  readonly changes: Change[] = [];
  readonly bounds: Bound[] = [];
  readonly #inner: AutonomicScaler;
  #before: { readonly until: number; readonly requests: number; readonly slowRequests: number } | undefined;

  constructor(inner: AutonomicScaler) {
    this.#inner = inner;
  }

  decide(view: ScalerView): number {
    this.ticks.push(this.#seen(view));
    const to = this.#inner.decide(view);
    const { now: at, replicas: from } = view;
    if (to !== from) this.changes.push({ at, from, to, message: this.#inner.explain() });
    this.bounds.push(this.#inner.bound());
    return to;
  }

  #seen({ now, replicas, ready, pods, measured }: ScalerView): SeenTick {
    const { until, requests, slowRequests } = measured;
    const before = this.#before;
    const demand = measured.demand(AVERAGED_SECONDS);
    const known = measured.demand(15) !== undefined;
    if (known) this.#before = { until, requests, slowRequests };
    const seconds = known && before !== undefined ? (until - before.until) / 1000 : 0;
    const rates =
      before === undefined || seconds <= 0
        ? { requests: undefined, bad: undefined }
        : {
            requests: (requests - before.requests) / seconds,
            bad: (slowRequests - before.slowRequests) / seconds,
          };
    return { now, until, replicas, ready, pods, demand, ...rates };
  }
}
