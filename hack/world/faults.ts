import type { Sample } from './exposition.ts';

/** What can be wrong with a workload's metrics, or with its load. */
export type Fault =
  | 'Silent' // no series at all: the exporter or its scrape is gone
  | 'Frozen' // the same values at the same time, for ever; of a workload with timestamps
  | 'NotANumber'
  | 'Infinite'
  | 'Negative'
  | 'Duplicated' // each series twice, under a second label: two exporters or two Prometheus servers
  | 'NoTraffic' // no load, told truthfully
  | 'Surge' // several times the load
  | 'Slow' // each request waits for something else
  | 'Leak'; // memory that is never given back

/** What is wrong with a workload itself; its metrics tell it truthfully. */
export interface Trouble {
  /** Times the load. */
  readonly loadFactor: number;
  /** Seconds that each request takes longer, without work. */
  readonly delaySeconds: number;
  /** Of each pod. */
  readonly leakBytesPerSecond: number;
}

export const NO_TROUBLE: Trouble = { loadFactor: 1, delaySeconds: 0, leakBytesPerSecond: 0 };

/** 4 MiB a second fill half a gibibyte in two minutes: a test's leak, not one of real life. */
const TROUBLES: Partial<Readonly<Record<Fault, Partial<Trouble>>>> = {
  NoTraffic: { loadFactor: 0 },
  Surge: { loadFactor: 8 },
  Slow: { delaySeconds: 1 },
  Leak: { leakBytesPerSecond: 4 * 2 ** 20 },
};

export function troubleOf(active: ActiveFault | undefined): Trouble {
  return { ...NO_TROUBLE, ...(active && TROUBLES[active.fault]) };
}

export interface ActiveFault {
  readonly fault: Fault;
  /** The last true samples; what Frozen repeats. */
  readonly last: readonly Sample[];
}

/**
 * A fault from now on.
 * @throws RangeError for Frozen without timestamps: Prometheus would give old values new times.
 */
export function beginFault(fault: Fault, last: readonly Sample[]): ActiveFault {
  if (fault === 'Frozen' && last.some((sample) => sample.at === undefined)) {
    throw new RangeError("only a workload that was started with 'timestamps: true' can freeze");
  }
  return { fault, last };
}

/** What a workload exposes instead of its true samples. */
export function faulty(samples: readonly Sample[], active: ActiveFault | undefined): readonly Sample[] {
  if (active === undefined) return samples;
  switch (active.fault) {
    case 'NoTraffic':
    case 'Surge':
    case 'Slow':
    case 'Leak':
      return samples;
    case 'Silent':
      return [];
    case 'Frozen':
      return active.last;
    case 'NotANumber':
      return samples.map((sample) => ({ ...sample, value: NaN }));
    case 'Infinite':
      return samples.map((sample) => ({ ...sample, value: Infinity }));
    case 'Negative':
      return samples.map((sample) => ({ ...sample, value: -1 }));
    case 'Duplicated':
      return ['a', 'b'].flatMap((replica) =>
        samples.map((sample) => ({ ...sample, labels: { ...sample.labels, exporter_replica: replica } })),
      );
  }
}
