/** The part of a `coordination.k8s.io/v1` Lease that an election is about. */
export interface LeaseRecord {
  /** Empty: released. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  /** MicroTime. For people to read: no clock is ever compared with it. */
  readonly acquireTime: string;
  readonly renewTime: string;
  /** Changes of holder; it grows with each, so it can number the terms. */
  readonly leaseTransitions: number;
}

/** A record and when, by this machine's steady clock in ms, it was first seen in this form. */
export interface Observation {
  readonly record: LeaseRecord;
  readonly at: number;
}

export interface LeaseTimings {
  /** Others wait this long after the last change they saw before they take over. Whole seconds. */
  readonly leaseDurationMs: number;
  /** The holder stops acting this long after its last renewal was sent. */
  readonly renewDeadlineMs: number;
  /** Between two tries. */
  readonly retryPeriodMs: number;
}

/** What core components use (client-go tools/leaderelection). */
export const DEFAULT_LEASE_TIMINGS: LeaseTimings = {
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
};

/** client-go's JitterFactor: a candidate waits between 1 and 2.2 retry periods. */
export const JITTER_FACTOR = 1.2;

/** Throws RangeError naming the field, what was found and what is allowed. */
export function validateLeaseTimings(timings: LeaseTimings): void {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = timings;
  const refuse = (field: string, found: number, allowed: string): never => {
    throw new RangeError(`${field}: found ${found} ms; allowed is ${allowed}`);
  };
  if (!(retryPeriodMs > 0)) refuse('retryPeriod', retryPeriodMs, 'more than 0');
  if (!(leaseDurationMs >= 1000) || leaseDurationMs % 1000 !== 0) {
    refuse('leaseDuration', leaseDurationMs, 'a whole number of seconds, at least 1 s');
  }
  if (!(renewDeadlineMs < leaseDurationMs)) {
    refuse('renewDeadline', renewDeadlineMs, `less than leaseDuration (${leaseDurationMs} ms)`);
  }
  if (!(renewDeadlineMs > JITTER_FACTOR * retryPeriodMs)) {
    refuse(
      'renewDeadline',
      renewDeadlineMs,
      `more than ${JITTER_FACTOR} × retryPeriod (${retryPeriodMs} ms)`,
    );
  }
}

/**
 * Takes note of a record just read. The time moves only when the record changed: whether a lease is expired is
 * judged by how long its holder has been silent here, never by comparing its timestamps with our clock.
 */
export function observe(previous: Observation | undefined, record: LeaseRecord, now: number): Observation {
  return previous !== undefined && sameRecord(previous.record, record) ? previous : { record, at: now };
}

function sameRecord(a: LeaseRecord, b: LeaseRecord): boolean {
  return (
    a.holderIdentity === b.holderIdentity &&
    a.leaseDurationSeconds === b.leaseDurationSeconds &&
    a.acquireTime === b.acquireTime &&
    a.renewTime === b.renewTime &&
    a.leaseTransitions === b.leaseTransitions
  );
}

/** The duration is the holder's own, as the record states it. */
function isValid({ record, at }: Observation, now: number): boolean {
  return at + record.leaseDurationSeconds * 1000 > now;
}

interface LeaseQuestion {
  readonly identity: string;
  /** What the server has; undefined when there is no Lease. */
  readonly observed: Observation | undefined;
  /** This process has been acting as the leader up to now. */
  readonly leading: boolean;
  /** Steady ms. */
  readonly now: number;
  /** What this process would write: its identity, duration and the present time. */
  readonly mine: Omit<LeaseRecord, 'leaseTransitions'>;
}

export type LeaseDecision =
  | { readonly do: 'create' | 'acquire' | 'renew'; readonly record: LeaseRecord }
  | { readonly do: 'wait'; readonly holder: string }
  | { readonly do: 'stepDown'; readonly because: string };

/**
 * What to do about the lease: client-go's tryAcquireOrRenew as a pure function, with one difference. There a leader
 * whose Lease was deleted or emptied takes it back and goes on; here it steps down, because another candidate may
 * have been first, and would act beside it for up to a renew deadline.
 */
export function decide({ identity, observed, leading, now, mine }: LeaseQuestion): LeaseDecision {
  if (observed === undefined) {
    if (leading) return { do: 'stepDown', because: 'the lease was deleted' };
    return { do: 'create', record: { ...mine, leaseTransitions: 0 } };
  }
  const { holderIdentity, leaseTransitions, acquireTime } = observed.record;
  if (holderIdentity === identity) {
    return { do: 'renew', record: { ...mine, acquireTime, leaseTransitions } };
  }
  if (leading) {
    const by = holderIdentity === '' ? 'released by someone else' : `taken by ${holderIdentity}`;
    return { do: 'stepDown', because: `the lease was ${by}` };
  }
  if (holderIdentity !== '' && isValid(observed, now)) return { do: 'wait', holder: holderIdentity };
  return { do: 'acquire', record: { ...mine, leaseTransitions: leaseTransitions + 1 } };
}

/** What a holder leaves behind: nobody, for one second, so that the next may take it at once (as client-go). */
export function releasedRecord(held: LeaseRecord, microTime: string): LeaseRecord {
  return {
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: microTime,
    renewTime: microTime,
    leaseTransitions: held.leaseTransitions,
  };
}
