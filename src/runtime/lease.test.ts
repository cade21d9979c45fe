import {
  decide,
  DEFAULT_LEASE_TIMINGS,
  observe,
  releasedRecord,
  validateLeaseTimings,
  type LeaseDecision,
  type LeaseRecord,
  type Observation,
} from './lease.ts';

const ME = 'me';
/** Steady ms; far from 0, so that "long ago" fits. */
const NOW = 10_000_000;
const LONG_AGO = 0;

const mine = { holderIdentity: ME, leaseDurationSeconds: 15, acquireTime: 'now', renewTime: 'now' };

function record(holderIdentity: string, leaseDurationSeconds = 15): LeaseRecord {
  return {
    holderIdentity,
    leaseDurationSeconds,
    acquireTime: 'then',
    renewTime: 'then',
    leaseTransitions: 4,
  };
}

function seen(holder: string, at: number, leaseDurationSeconds = 15): Observation {
  return { record: record(holder, leaseDurationSeconds), at };
}

const acquired: LeaseDecision = { do: 'acquire', record: { ...mine, leaseTransitions: 5 } };
const renewed: LeaseDecision = { do: 'renew', record: { ...mine, acquireTime: 'then', leaseTransitions: 4 } };

// The facts of client-go's leaderelection_test.go (TestTryAcquireOrRenewLeases), in its order, and what it leaves out.
describe('decide, as client-go', () => {
  it.each<[string, Observation | undefined, boolean, LeaseDecision]>([
    [
      'creates a lease that is not there',
      undefined,
      false,
      { do: 'create', record: { ...mine, leaseTransitions: 0 } },
    ],
    ['acquires a lease with an empty spec', seen('', NOW, 0), false, acquired],
    [
      'waits while the holder’s own duration runs',
      seen('other', NOW - 2999, 3),
      false,
      { do: 'wait', holder: 'other' },
    ],
    ['acquires when the holder’s own duration is over', seen('other', NOW - 3000, 3), false, acquired],
    ['acquires from a holder that states no duration', seen('other', NOW, 0), false, acquired],
    ['acquires from a holder silent for long', seen('other', LONG_AGO), false, acquired],
    ['acquires a released lease at once', seen('', NOW), false, acquired],
    [
      'waits for a holder seen to change just now',
      seen('other', NOW),
      false,
      { do: 'wait', holder: 'other' },
    ],
    ['renews what it holds', seen(ME, NOW - 2000), true, renewed],
    ['renews what it holds even when it had to be silent', seen(ME, LONG_AGO), true, renewed],
    ['takes up a lease that bears its name', seen(ME, NOW), false, renewed],
  ])('%s', (_, observed, leading, expected) => {
    expect(decide({ identity: ME, observed, leading, now: NOW, mine })).toEqual(expected);
  });
});

describe('decide, stricter than client-go', () => {
  it.each<[string, Observation | undefined, RegExp]>([
    ['deleted', undefined, /deleted/],
    ['emptied', seen('', NOW), /released by someone else/],
    ['taken by another', seen('other', NOW), /taken by other/],
    ['taken by another that is silent by now', seen('other', LONG_AGO), /taken by other/],
  ])('a leader whose lease was %s steps down', (_, observed, because) => {
    const decision = decide({ identity: ME, observed, leading: true, now: NOW, mine });
    expect(decision).toMatchObject({ do: 'stepDown', because: expect.stringMatching(because) as string });
  });
});

describe('observe', () => {
  it('keeps the time of the first sight while the record stays the same', () => {
    const first = observe(undefined, record('other'), 1000);
    expect(observe(first, record('other'), 9000)).toBe(first);
  });

  it.each<keyof LeaseRecord>([
    'holderIdentity',
    'leaseDurationSeconds',
    'acquireTime',
    'renewTime',
    'leaseTransitions',
  ])('takes a change of %s for a sign of life', (field) => {
    const changed = { ...record('other'), [field]: field.startsWith('lease') ? 99 : 'changed' };
    expect(observe(observe(undefined, record('other'), 1000), changed, 9000)).toEqual({
      record: changed,
      at: 9000,
    });
  });

  it('never looks at the timestamps: a holder whose clock is years off is as alive as any', () => {
    const skewed = { ...record('other'), renewTime: '1970-01-01T00:00:00.000000Z' };
    const observed = observe(undefined, skewed, NOW);
    expect(decide({ identity: ME, observed, leading: false, now: NOW + 14_999, mine }).do).toBe('wait');
    expect(decide({ identity: ME, observed, leading: false, now: NOW + 15_000, mine }).do).toBe('acquire');
  });
});

it('a released record has no holder, lasts a second and keeps the number of the term', () => {
  expect(releasedRecord(record(ME), 'now')).toEqual({
    holderIdentity: '',
    leaseDurationSeconds: 1,
    acquireTime: 'now',
    renewTime: 'now',
    leaseTransitions: 4,
  });
});

describe('validateLeaseTimings', () => {
  it('accepts the defaults of the core components', () => {
    expect(() => validateLeaseTimings(DEFAULT_LEASE_TIMINGS)).not.toThrow();
  });

  it.each<[string, Partial<typeof DEFAULT_LEASE_TIMINGS>, RegExp]>([
    [
      'a deadline as long as the lease',
      { renewDeadlineMs: 15_000 },
      /renewDeadline: found 15000.*leaseDuration/,
    ],
    [
      'a deadline within the jittered retry period',
      { renewDeadlineMs: 2400 },
      /renewDeadline: found 2400.*retryPeriod/,
    ],
    ['no retry period', { retryPeriodMs: 0 }, /retryPeriod: found 0/],
    ['a lease of part of a second', { leaseDurationMs: 10_500 }, /leaseDuration: found 10500.*whole number/],
    ['no lease', { leaseDurationMs: 0 }, /leaseDuration: found 0/],
    ['what is not a number', { renewDeadlineMs: NaN }, /renewDeadline: found NaN/],
  ])('refuses %s', (_, change, message) => {
    expect(() => validateLeaseTimings({ ...DEFAULT_LEASE_TIMINGS, ...change })).toThrow(message);
  });
});
