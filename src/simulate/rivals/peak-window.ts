import type { Contender, Measurements, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { erlangReplicas } from './erlang-replicas.ts';
import { SlidingMaximum } from './sliding-maximum.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Cheapest first. */
const UTILIZATIONS = [95, 90, 85, 80, 75, 70, 65, 60, 50, 40, 30, 20];

interface PeakOptions {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly windowMs: number;
  /** Busy replicas now; undefined while not measured. */
  readonly busy: (measured: Measurements, context: ScalerContext) => number | undefined;
}

/**
 * The largest load of a moving window at a target utilisation: up at once, down when the peak has left the window.
 * The knob is the utilisation that the peak shall cause.
 */
function peakContender(options: PeakOptions): Contender {
  return {
    name: options.name,
    title: options.title,
    source: options.source,
    knob: { name: 'utilization at the peak, %', values: UTILIZATIONS },
    create: (percent, context) =>
      new PeakScaler(options, context, (busy) => Math.ceil((busy * 100) / percent)),
  };
}

class PeakScaler implements Scaler {
  readonly #options: PeakOptions;
  readonly #context: ScalerContext;
  readonly #replicasFor: (busy: number) => number;
  readonly #peaks: SlidingMaximum;
  #peak: number | undefined;

  constructor(options: PeakOptions, context: ScalerContext, replicasFor: (busy: number) => number) {
    this.#options = options;
    this.#context = context;
    this.#replicasFor = replicasFor;
    this.#peaks = new SlidingMaximum(options.windowMs);
  }

  decide({ now, replicas, measured }: ScalerView): number {
    const busy = this.#options.busy(measured, this.#context);
    if (busy !== undefined) this.#peaks.push(now, busy);
    this.#peak = busy === undefined ? undefined : this.#peaks.at(now);
    return this.#peak === undefined ? replicas : this.#replicasFor(this.#peak);
  }

  explain(): string {
    if (this.#peak === undefined) return 'the load is not measured';
    const minutes = this.#options.windowMs / MINUTE_MS;
    return `peak of ${minutes} min: ${Number(this.#peak.toPrecision(4))} busy replicas`;
  }
}

/** Mean of 30 s, as everybody's; from requests, because CPU shows no more than the replicas could take. */
function busyByRequests(measured: Measurements, { serviceRate }: ScalerContext): number | undefined {
  const demand = measured.demand(30);
  return demand === undefined ? undefined : demand / serviceRate;
}

const MOVING_WINDOW = 'moving-window maximum: Rzadca et al., Autopilot, EuroSys 2020';

const fiveMinutes: PeakOptions = {
  name: 'peak-5m',
  title: '5-minute peak',
  source: MOVING_WINDOW,
  windowMs: 5 * MINUTE_MS,
  busy: busyByRequests,
};

export const peak5m = peakContender(fiveMinutes);

export const peak1h = peakContender({
  ...fiveMinutes,
  name: 'peak-1h',
  title: '1-hour peak',
  windowMs: HOUR_MS,
});

export const peak24h = peakContender({
  ...fiveMinutes,
  name: 'peak-24h',
  title: '24-hour peak',
  windowMs: 24 * HOUR_MS,
});

/**
 * Autopilot's horizontal scaling by CPU with its defaults: usage averaged over 5 minutes, horizon 72 hours, statistic
 * `max` (the other one is the 95th percentile); the target utilisation is the job owner's to choose.
 */
export const autopilot72h = peakContender({
  name: 'autopilot-72h',
  title: 'Autopilot, 72 h',
  source: 'Rzadca et al., Autopilot: workload autoscaling at Google, EuroSys 2020, §3.3',
  windowMs: 72 * HOUR_MS,
  busy: (measured) => measured.cpu(300),
});

/** The same with metrics that are never late: what a better metric path alone is worth. */
export const peak5mFresh: Contender = {
  ...peak5m,
  name: 'peak-5m-fresh',
  title: '5-minute peak, fresh metrics',
  metricAgeSeconds: 0,
};

/** The same with Erlang's formula in place of a utilisation: large numbers of replicas need less in reserve. */
export const peak5mErlang: Contender = {
  ...peak5m,
  name: 'peak-5m-erlang',
  title: '5-minute peak + Erlang C',
  knob: {
    name: 'headroom over the peak, %',
    values: [-10, 0, 5, 10, 15, 20, 30, 40, 60, 80, 120, 200],
  },
  create: (headroom, context) => {
    const rateOf = (busy: number): number => busy * context.serviceRate * (1 + headroom / 100);
    return new PeakScaler(fiveMinutes, context, (busy) => erlangReplicas(rateOf(busy), context));
  },
};
