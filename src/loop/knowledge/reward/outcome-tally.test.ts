import fc from 'fast-check';
import { slicesOf } from '../../../../test/support/outcome-moments.ts';
import { NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import type { OutcomeMoment } from './outcome-slice.ts';
import { addReplicas, addSlice, addTime, closeTally, openTally } from './outcome-tally.ts';

const TICK = 15 * SECOND;

/** A window of ticks; each is changed from a quiet one. */
function tallied(ticks: readonly Partial<OutcomeMoment>[]) {
  const tally = openTally();
  const moments = ticks.map((tick, index) => ({ now: NOW + (index + 1) * TICK, ...tick }));
  for (const slice of slicesOf([{}, ...moments])) addSlice(tally, slice);
  return closeTally(tally);
}

const quiet = (count: number) => Array.from({ length: count }, (): Partial<OutcomeMoment> => ({}));

describe('the sums of a window', () => {
  test('are all that came in it', () => {
    const { outcome, censored } = tallied([
      { violated: true, counts: { requests: 0, badRequests: 0 }, replicaHourPrice: 0.24 },
      { replicas: 6, restarts: 2, counts: { requests: 300, badRequests: 30 }, replicaHourPrice: 0.24 },
      { replicas: 5, throttledShare: 0.5, rolledBack: true, replicaHourPrice: 0.24 },
      { replicas: 5, throttledShare: 0.1, violated: undefined, replicaHourPrice: 0.24 },
    ]);
    expect(censored).toEqual([]);
    expect(outcome).toEqual({
      windowSeconds: 60,
      measuredSeconds: 45,
      violatedSeconds: 15,
      replicaSeconds: 15 * (4 + 4 + 6 + 5),
      requests: 300,
      badRequests: 30,
      replicasChanged: 3,
      changes: 2,
      rollbacks: 1,
      restarts: 2,
      throttledShare: expect.closeTo(0.3, 12) as number,
      cost: expect.closeTo((15 * 19 * 0.24) / 3600, 12) as number,
    });
  });

  test('are null, not zero, for what nobody measured', () => {
    const unknown = { violated: undefined, restarts: undefined };
    expect(tallied([unknown, unknown]).outcome).toMatchObject({
      measuredSeconds: 0,
      violatedSeconds: null,
      requests: null,
      badRequests: null,
      restarts: null,
      throttledShare: null,
      cost: null,
    });
  });

  test('do not count where a fifth was not seen', () => {
    const missing = { covered: false };
    expect(tallied([...quiet(8), missing, missing]).censored).toEqual([]);
    expect(tallied([...quiet(7), missing, missing, missing]).censored).toEqual(['Gap']);
    expect(tallied([]).censored).toEqual(['Gap']);
  });

  test('name every reason once, in the order of the alphabet', () => {
    const rollout = { rolloutInProgress: true };
    expect(tallied([rollout, rollout, rollout, { overridden: true }, ...quiet(3)]).censored).toEqual([
      'Override',
      'Rollout',
    ]);
  });
});

test('a slice that is shared out is all there', () => {
  const slice = slicesOf([
    { counts: { requests: 0, badRequests: 0 } },
    {
      now: NOW + TICK,
      violated: true,
      counts: { requests: 90, badRequests: 9 },
      throttledShare: 0.4,
      replicaHourPrice: 1,
    },
  ])[0]!;
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      const outcomes = [share, 1 - share].map((part) => {
        const tally = openTally();
        addTime(tally, slice, part);
        addReplicas(tally, slice, part);
        return closeTally(tally).outcome;
      });
      const sum = (of: (outcome: (typeof outcomes)[number]) => number | null) =>
        outcomes.reduce((all, outcome) => all + (of(outcome) ?? 0), 0);
      expect(sum(({ windowSeconds }) => windowSeconds)).toBeCloseTo(15, 9);
      expect(sum(({ violatedSeconds }) => violatedSeconds)).toBeCloseTo(15, 9);
      expect(sum(({ requests }) => requests)).toBeCloseTo(90, 9);
      expect(sum(({ badRequests }) => badRequests)).toBeCloseTo(9, 9);
      expect(sum(({ replicaSeconds }) => replicaSeconds)).toBeCloseTo(60, 9);
      expect(sum(({ cost }) => cost)).toBeCloseTo(60 / 3600, 9);
    }),
  );
});
