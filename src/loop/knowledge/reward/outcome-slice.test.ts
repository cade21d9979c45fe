import { momentFixture, slicesOf } from '../../../../test/support/outcome-moments.ts';
import { NOW, SECOND } from '../../../../test/support/loop-fixtures.ts';
import { createOutcomeMeter, observeMoment, type OutcomeMoment } from './outcome-slice.ts';

const TICK = 15 * SECOND;
const NOT_COUNTED = { requests: null, badRequests: null };

function between(before: Partial<OutcomeMoment>, after: Partial<OutcomeMoment>) {
  return slicesOf([before, { now: NOW + TICK, ...after }])[0];
}

describe('what came between two moments', () => {
  test('is the time, with the replicas that were there until now', () => {
    expect(between({ replicas: 4 }, { replicas: 6, replicaHourPrice: 0.6 })).toEqual({
      from: NOW,
      to: NOW + TICK,
      seconds: 15,
      seenSeconds: 15,
      coveredSeconds: 15,
      measuredSeconds: 15,
      violatedSeconds: 0,
      replicaSeconds: 60,
      cost: 0.01,
      requests: null,
      badRequests: null,
      restarts: 0,
      throttledSeconds: null,
      replicasChanged: 2,
      rolledBack: false,
      censoring: [],
      baseline: null,
    });
  });

  test.each<[string, Partial<OutcomeMoment>, object]>([
    ['a violation', { violated: true }, { measuredSeconds: 15, violatedSeconds: 15 }],
    [
      'an objective that nobody measured',
      { violated: undefined },
      { measuredSeconds: 0, violatedSeconds: 0 },
    ],
    ['metrics that did not come', { covered: false }, { seconds: 15, coveredSeconds: 0 }],
    ['throttling', { throttledShare: 0.2 }, { throttledSeconds: 3 }],
    ['restarts that nobody told', { restarts: undefined }, { restarts: null }],
  ])('tells %s', (_name, after, slice) => {
    expect(between({}, after)).toMatchObject(slice);
  });

  const before = { requests: 100, badRequests: 1 };
  const after = { requests: 400, badRequests: 4 };
  test.each<[string, Partial<OutcomeMoment>, Partial<OutcomeMoment>, object]>([
    ['two counts', { counts: before }, { counts: after }, { requests: 300, badRequests: 3 }],
    ['no count before', {}, { counts: after }, NOT_COUNTED],
    ['no count now', { counts: before }, {}, NOT_COUNTED],
    ['a meter begun anew', { counts: after }, { counts: before }, NOT_COUNTED],
  ])('has the requests of %s', (_name, from, to, requests) => {
    expect(between(from, to)).toMatchObject(requests);
  });

  test.each<[string, Partial<OutcomeMoment>, Partial<OutcomeMoment>, readonly string[]]>([
    ['a change by somebody else', {}, { overridden: true }, ['Override']],
    ['a rollout', { rolloutInProgress: true }, { rolloutInProgress: true }, ['Rollout']],
    ['a rollout that began', { revisionAt: 1 }, { rolloutInProgress: true, revisionAt: 2 }, ['Rollout']],
    ['no change of the replicas that the controller has not seen', {}, { rolloutInProgress: true }, []],
    ['nor for one that it has seen', { rolloutInProgress: true }, {}, []],
    ['a lost node', {}, { nodeLost: true }, ['NodeLoss']],
    ['another target', {}, { targetUid: 'other' }, ['TargetReplaced']],
    ['another spec', {}, { policyGeneration: 4 }, ['SpecChanged']],
  ])('is censored for %s', (_name, before, after, censoring) => {
    expect(between(before, after)?.censoring).toEqual(censoring);
  });

  test('says little about ten minutes in which nobody looked, but the replicas were there', () => {
    const [slice] = slicesOf([{}, { now: NOW + 600 * SECOND, violated: true }]);
    expect(slice).toMatchObject({
      seconds: 600,
      seenSeconds: 60,
      coveredSeconds: 60,
      violatedSeconds: 60,
      replicaSeconds: 2400,
    });
  });

  test('is nothing while the clock stands, and begins anew after it stepped back', () => {
    const meter = createOutcomeMeter();
    const look = (seconds: number) =>
      observeMoment(meter, momentFixture({ now: NOW + seconds * SECOND }))?.seconds;
    expect([0, 15, 15, 5, 20].map(look)).toEqual([undefined, 15, undefined, undefined, 15]);
  });
});
