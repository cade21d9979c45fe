import { viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { behaviorSchema } from '../../api/spec/behavior.ts';
import { DEFAULT_BEHAVIOR, HpaReconciler } from './hpa-reconciler.ts';

const BOUNDS = { minReplicas: 1, maxReplicas: 100 };

/** What becomes of one proposal after another, one each 15 s, when each answer is carried out. */
function follow(
  reconciler: HpaReconciler,
  start: number,
  proposals: readonly (number | undefined)[],
): number[] {
  let replicas = start;
  return proposals.map((proposed, index) => {
    replicas = reconciler.reconcile(viewFixture({ index, ready: replicas }), proposed);
    return replicas;
  });
}

describe('an HPA with the default behavior', () => {
  it.each([
    ['adds four pods to few, or doubles many, in 15 s', 2, [50, 50, 50, 50], [6, 12, 24, 48]],
    ['adds what is proposed when that is less', 10, [13], [13]],
    ['stops at maxReplicas', 90, [500], [100]],
    ['does nothing while the metric cannot be computed', 7, [undefined, undefined], [7, 7]],
  ])('%s', (_, start, proposals, expected) => {
    const reconciler = new HpaReconciler({ ...BOUNDS, behavior: DEFAULT_BEHAVIOR });
    expect(follow(reconciler, start, proposals)).toEqual(expected);
  });

  it('scales down after 300 s, to the largest proposal of that time, and then all at once', () => {
    const reconciler = new HpaReconciler({ ...BOUNDS, behavior: DEFAULT_BEHAVIOR });
    const proposals = [10, 4, ...Array.from({ length: 20 }, () => 3)];
    const seen = follow(reconciler, 10, proposals);
    // The proposal of 10 is 300 s old at decision 20, the one of 4 at decision 21.
    expect(seen.slice(18)).toEqual([10, 10, 4, 3]);
  });

  it('holds the replicas that it found for the first 300 s, as recordInitialRecommendation does', () => {
    const reconciler = new HpaReconciler({ ...BOUNDS, behavior: DEFAULT_BEHAVIOR });
    const seen = follow(
      reconciler,
      10,
      Array.from({ length: 21 }, () => 3),
    );
    expect(seen.lastIndexOf(10)).toBe(19);
    expect(seen[20]).toBe(3);
  });
});

describe('rates of the behavior', () => {
  const slow = behaviorSchema.parse({
    scaleUp: { policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] },
    scaleDown: {
      stabilizationWindowSeconds: 0,
      policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
    },
  });

  it('count what was added within the period', () => {
    const seen = follow(new HpaReconciler({ ...BOUNDS, behavior: slow }), 4, [9, 9, 9, 9, 9]);
    expect(seen).toEqual([6, 6, 6, 6, 8]);
  });

  it('count what was removed within the period, rounding the remainder down', () => {
    const seen = follow(new HpaReconciler({ ...BOUNDS, behavior: slow }), 50, [1, 1, 1, 1, 1]);
    expect(seen).toEqual([45, 45, 45, 45, 40]);
  });

  it('do not count a change that the API server refused', () => {
    const reconciler = new HpaReconciler({ ...BOUNDS, behavior: slow });
    expect(reconciler.reconcile(viewFixture({ index: 0, ready: 4 }), 9)).toBe(6);
    reconciler.overruled(4);
    expect(reconciler.reconcile(viewFixture({ index: 1, ready: 4 }), 9)).toBe(6);
  });

  it('count the change that was made in place of one', () => {
    const reconciler = new HpaReconciler({ ...BOUNDS, behavior: slow });
    expect(reconciler.reconcile(viewFixture({ index: 0, ready: 4 }), 4)).toBe(4);
    reconciler.overruled(5);
    expect(reconciler.reconcile(viewFixture({ index: 1, ready: 5 }), 9)).toBe(6);
  });
});

describe('an HPA without `behavior`', () => {
  it.each([
    ['goes to four at once from one', 1, [50, 50, 50], [4, 8, 16]],
    ['doubles', 3, [50], [6]],
    ['does nothing while the metric cannot be computed', 7, [undefined], [7]],
  ])('%s', (_, start, proposals, expected) => {
    expect(follow(new HpaReconciler(BOUNDS), start, proposals)).toEqual(expected);
  });

  it('scales down after five minutes too', () => {
    const seen = follow(
      new HpaReconciler(BOUNDS),
      10,
      Array.from({ length: 21 }, () => 3),
    );
    expect(seen.slice(18)).toEqual([10, 10, 3]);
  });
});

describe('outside its own bounds', () => {
  it.each([
    [2, 5, 'minReplicas'],
    [90, 60, 'maxReplicas'],
  ])('%i replicas become %i: %s, without a look at the metric', (start, expected) => {
    const reconciler = new HpaReconciler({ minReplicas: 5, maxReplicas: 60, behavior: DEFAULT_BEHAVIOR });
    expect(follow(reconciler, start, [undefined])).toEqual([expected]);
  });
});
