import type { Sample } from './exposition.ts';

/** What can be wrong with a workload's metrics, or with its load. */
export type Fault =
  | 'Silent' // no series at all: the exporter or its scrape is gone
  | 'Frozen' // the same values with the time of the freeze, for ever
  | 'NotANumber'
  | 'Infinite'
  | 'Negative'
  | 'Duplicated' // each series twice, under a second label: two exporters or two Prometheus servers
  | 'NoTraffic'; // no load, told truthfully

export interface ActiveFault {
  readonly fault: Fault;
  /** Samples at the moment when the fault began; what Frozen repeats. */
  readonly frozen: readonly Sample[];
}

/** A fault from now on; `samples` are the last true ones. */
export function beginFault(fault: Fault, samples: readonly Sample[], now: number): ActiveFault {
  return { fault, frozen: samples.map((sample) => ({ ...sample, at: now })) };
}

/** What a workload exposes instead of its true samples. */
export function faulty(samples: readonly Sample[], active: ActiveFault | undefined): readonly Sample[] {
  if (active === undefined) return samples;
  switch (active.fault) {
    case 'NoTraffic':
      return samples;
    case 'Silent':
      return [];
    case 'Frozen':
      return active.frozen;
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
