import fc from 'fast-check';
import { behaviorSchema } from '../../api/spec/behavior.ts';
import { limitRate, type RateRules } from './behavior.ts';
import type { GuardContext } from './guard.ts';
import { createScalingHistory, recordScaleEvent, type ScalingHistory } from './history.ts';
import { boundsGuard } from './shape.ts';

const NOW = 1_700_000_000_000;
const DEFAULTS = behaviorSchema.parse({});

/** `5 in 60` is pods, `50% in 60` percent; several are joined by a comma. */
function rules(text: string, selectPolicy: RateRules['selectPolicy'] = 'Max'): RateRules {
  const policies = text.split(', ').map((policy): RateRules['policies'][number] => {
    const [, value = '', percent, seconds = ''] = /^(\d+)(%?) in (\d+)$/.exec(policy) ?? [];
    return {
      type: percent === '%' ? 'Percent' : 'Pods',
      value: Number.parseInt(value, 10),
      periodSeconds: Number.parseInt(seconds, 10),
    };
  });
  return { selectPolicy, policies };
}

/** Changes of each direction, spread over the last two minutes as by upstream's generateEventsUniformDistribution. */
function historyOf(changes: readonly number[]): ScalingHistory {
  const history = createScalingHistory();
  const events = [1, -1].flatMap((sign) => {
    const ofSign = changes.filter((change) => Math.sign(change) === sign);
    const segment = 120 / ofSign.length;
    return ofSign.map((change, i) => ({ change, age: Math.trunc(120 - segment * (i + 1) + segment / 2) }));
  });
  for (const { age, change } of events.sort((a, b) => b.age - a.age)) {
    recordScaleEvent(history, NOW - age * 1000, 1000, 1000 + change);
  }
  return history;
}

/**
 * kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal_test.go, TestScalingWithRules; the bounds are applied by
 * the guard that stands behind the rates in the chain. Columns: name, step and bounds with rules and earlier changes
 * (defaults and none where nothing is said), result, what limited it.
 */
const UPSTREAM = [
  ['within range', '5 to 7 of 3..8', 7, 'DesiredWithinRange'],
  ['below minReplicas', '3 to 1 of 2..8', 2, 'TooFewReplicas'],
  ['zero within range when minReplicas is 0', '1 to 0 of 0..10', 0, 'DesiredWithinRange'],
  ['maxReplicas is less than the rate allows', '20 to 1000 of 1..10', 10, 'TooManyReplicas'],
  ['more than maxReplicas', '100 to 1000 of 100..150', 150, 'TooManyReplicas'],
  ['one percent of three is one', '3 to 1000 of 1..2000; up 1% in 60', 4, 'ScaleUpLimit'],
  ['twenty pods down of a thousand', '1000 to 3 of 3..2000; down 20 in 60', 980, 'ScaleDownLimit'],
  ['up with the defaults', '10 to 50 of 1..1000', 20, 'ScaleUpLimit'],
  ['up, pods allow more than percent', '10 to 500 of 1..1000; up 100 in 60, 100% in 60', 110, 'ScaleUpLimit'],
  ['up, percent allows more than pods', '10 to 500 of 1..1000; up 2 in 60, 100% in 60', 20, 'ScaleUpLimit'],
  ['up, large pods policy', '10 to 50 of 1..1000; up 100 in 60', 50, 'DesiredWithinRange'],
  ['up, huge pods policy', '10 to 50 of 1..1000; up 10000 in 60', 50, 'DesiredWithinRange'],
  ['up, limited by pods', '10 to 50 of 1..1000; up 30 in 60', 40, 'ScaleUpLimit'],
  ['up, limited by percent', '10 to 50 of 1..1000; up 200% in 60', 30, 'ScaleUpLimit'],
  [
    'down, pods allow more than percent',
    '100 to 2 of 1..1000; down 20 in 60, 1% in 60',
    80,
    'ScaleDownLimit',
  ],
  [
    'down, pods allow more than percent, barely',
    '100 to 2 of 1..1000; down 2 in 60, 1% in 60',
    98,
    'ScaleDownLimit',
  ],
  ['down to 1 with a large pods policy', '10 to 0 of 1..1000; down 100 in 60', 1, 'TooFewReplicas'],
  [
    'down to minReplicas with a large percent policy',
    '10 to 2 of 5..1000; down 100% in 60',
    5,
    'TooFewReplicas',
  ],
  ['down, limited by pods', '10 to 2 of 1..1000; down 5 in 60', 5, 'ScaleDownLimit'],
  ['down, just within percent', '10 to 5 of 1..1000; down 50% in 60', 5, 'DesiredWithinRange'],
  [
    'up to maxReplicas with a large pods policy and earlier changes',
    '100 to 500 of 1..200; up 300 in 60; after +1 +5 +9',
    200,
    'TooManyReplicas',
  ],
  [
    'up to maxReplicas with a large percent policy and earlier changes',
    '100 to 500 of 1..200; up 10000% in 60; after +1 +5 +9',
    200,
    'TooManyReplicas',
  ],
  [
    'no further up when earlier changes used more than the rate',
    '100 to 500 of 1..1000; up 5 in 120; after +1 +5 +9',
    100,
    'ScaleUpLimit',
  ],
  [
    'up by pods counts from before the earlier changes',
    '100 to 500 of 1..1000; up 150 in 120; after +1 +5 +9',
    235,
    'ScaleUpLimit',
  ],
  [
    'up by percent counts from before the earlier changes',
    '100 to 500 of 1..1000; up 200% in 120; after +1 +5 +9',
    255,
    'ScaleUpLimit',
  ],
  [
    'up by percent counts changes of both directions',
    '6 to 24 of 1..1000; up 300% in 300; after +4 -2',
    16,
    'ScaleUpLimit',
  ],
  [
    'down with the defaults and earlier changes',
    '10 to 5 of 1..1000; after -1 -5 -9',
    5,
    'DesiredWithinRange',
  ],
  [
    'down to 1 with a large pods policy and earlier changes',
    '100 to 0 of 1..1000; down 115 in 120; after -1 -5 -9',
    1,
    'TooFewReplicas',
  ],
  [
    'down to minReplicas with a large pods policy and earlier changes',
    '100 to 0 of 5..1000; down 130 in 120; after -1 -5 -9',
    5,
    'TooFewReplicas',
  ],
  [
    'down to minReplicas with a large percent policy and earlier changes',
    '100 to 2 of 5..1000; down 100% in 120; after -1 -5 -9',
    5,
    'TooFewReplicas',
  ],
  [
    'no further down when earlier changes used more than the pods',
    '100 to 2 of 1..1000; down 5 in 120; after -1 -5 -9',
    100,
    'ScaleDownLimit',
  ],
  [
    'down by percent counts from before the earlier changes',
    '100 to 0 of 1..1000; down 50% in 120; after -2 -4 -6',
    56,
    'ScaleDownLimit',
  ],
  [
    'down by percent counts changes of both directions',
    '10 to 1 of 1..1000; down 50% in 180; after +2 -4',
    6,
    'ScaleDownLimit',
  ],
  [
    'no further down when earlier changes used more than the percent',
    '100 to 0 of 1..1000; down 10% in 120; after -10 -10 -10',
    100,
    'ScaleDownLimit',
  ],
  [
    'down by far more than everything',
    '10 to 5 of 1..1000; down 1000% in 120; after -10 -10 -10',
    5,
    'DesiredWithinRange',
  ],
  [
    'up, old changes do not count',
    '100 to 200 of 1..1000; up 1000 in 60; after +8 +12 +9 +11',
    200,
    'DesiredWithinRange',
  ],
  [
    'up, each policy has its own period',
    '100 to 200 of 1..1000; up 1000 in 120, 100% in 60; after +8 +12 +9 +11',
    200,
    'DesiredWithinRange',
  ],
  [
    'up, a shorter period',
    '100 to 200 of 1..1000; up 1000 in 30, 100% in 60; after +8 +12 +9 +11',
    200,
    'DesiredWithinRange',
  ],
  [
    'down, old changes do not count',
    '100 to 5 of 1..1000; down 1000 in 60; after -8 -12 -9 -11',
    5,
    'DesiredWithinRange',
  ],
  [
    'down, each policy has its own period',
    '100 to 5 of 1..1000; down 1000 in 120, 100% in 60; after -8 -12 -9 -11',
    5,
    'DesiredWithinRange',
  ],
  [
    'down, a shorter period',
    '100 to 5 of 1..1000; down 1000 in 30, 100% in 60; after -8 -12 -9 -11',
    5,
    'DesiredWithinRange',
  ],
] as const;

function inChain(text: string): { result: number; reason: string } {
  const [range = '', ...parts] = text.split('; ');
  const [current = 0, desired = 0, minReplicas, maxReplicas] = range.split(/ to | of |\.\./).map(Number);
  const part = (name: string) => parts.find((words) => words.startsWith(name))?.slice(name.length + 1);
  const [up, down] = [part('up'), part('down')];
  const rated = limitRate({
    desired,
    current,
    scaleUp: up === undefined ? DEFAULTS.scaleUp : rules(up),
    scaleDown: down === undefined ? DEFAULTS.scaleDown : rules(down),
    history: historyOf((part('after') ?? '').split(' ').filter(Boolean).map(Number)),
    now: NOW,
  });
  const policy = { spec: { horizontal: { minReplicas, maxReplicas } } };
  const bounded = boundsGuard.check(rated.value, { policy } as unknown as GuardContext);
  return bounded.outcome === 'Clamp'
    ? { result: bounded.value, reason: bounded.reason }
    : { result: rated.value, reason: rated.limitedBy ?? 'DesiredWithinRange' };
}

describe('the published cases of the HorizontalPodAutoscaler', () => {
  test.each(UPSTREAM)('%s: %s', (_name, given, result, reason) => {
    expect(inChain(given)).toEqual({ result, reason });
  });

  const both = rules('2 in 60, 50% in 60', 'Min');
  const quiet = { scaleUp: both, scaleDown: both, history: createScalingHistory(), now: NOW };

  it('Min takes the smaller of two steps up (TestCalculateScaleUpLimitWithScalingRules)', () => {
    expect(limitRate({ ...quiet, current: 1, desired: 100 }).value).toBe(2);
  });

  it('Min takes the smaller of two steps down (TestCalculateScaleDownLimitWithBehaviors)', () => {
    expect(limitRate({ ...quiet, current: 5, desired: 0 }).value).toBe(3);
  });
});

describe('limitRate', () => {
  const step = { history: createScalingHistory(), now: NOW, ...DEFAULTS };

  test.each([
    ['up', 5, 9],
    ['down', 5, 1],
  ])('Disabled forbids every step %s', (_direction, current, desired) => {
    const off = rules('100 in 60', 'Disabled');
    const result = limitRate({ ...step, scaleUp: off, scaleDown: off, current, desired });
    expect(result).toMatchObject({
      value: 5,
      message: expect.stringContaining('selectPolicy is Disabled') as string,
    });
  });

  it('lets a small workload more than double, since the defaults always allow four pods', () => {
    expect(limitRate({ ...step, current: 3, desired: 1000 }).value).toBe(7);
  });

  it('says which rates apply and what they allow', () => {
    expect(limitRate({ ...step, current: 10, desired: 50 })).toEqual({
      value: 20,
      limitedBy: 'ScaleUpLimit',
      message: 'at most 20 replicas now: the larger of 4 pods in 15 s and 100 % in 15 s',
    });
  });

  it('never goes up in a period in which somebody else took away more than was added', () => {
    const history = createScalingHistory();
    recordScaleEvent(history, NOW - 5000, 2, 20);
    expect(limitRate({ ...step, history, current: 3, desired: 50 }).value).toBe(3);
  });

  const count = fc.oneof(fc.nat(50), fc.nat(2_147_483_647));
  const anyRules = fc.record({
    selectPolicy: fc.constantFrom('Max' as const, 'Min' as const, 'Disabled' as const),
    policies: fc.array(
      fc.record({
        type: fc.constantFrom('Pods' as const, 'Percent' as const),
        value: fc.integer({ min: 1, max: 1_000_000 }),
        periodSeconds: fc.integer({ min: 1, max: 1800 }),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  });
  const anyHistory = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 2000 }), count, count), { maxLength: 20 })
    .map((events) => {
      const history = createScalingHistory();
      for (const [secondsAgo, from, to] of [...events].sort((a, b) => b[0] - a[0])) {
        recordScaleEvent(history, NOW - secondsAgo * 1000, from, to);
      }
      return history;
    });

  const anyStep = fc.record({
    current: count,
    desired: count,
    scaleUp: anyRules,
    scaleDown: anyRules,
    history: anyHistory,
    now: fc.constant(NOW),
  });

  it('gives a whole number between the current and the desired count, and names what keeps it from the latter', () => {
    fc.assert(
      fc.property(anyStep, (given) => {
        const { current, desired } = given;
        const { value, limitedBy } = limitRate(given);
        const between = value >= Math.min(current, desired) && value <= Math.max(current, desired);
        return Number.isInteger(value) && between && (limitedBy === undefined) === (value === desired);
      }),
      { numRuns: 1000 },
    );
  });

  it('allows no less when more is desired', () => {
    fc.assert(
      fc.property(anyStep, count, (given, more) => {
        const [low, high] = [Math.min(given.desired, more), Math.max(given.desired, more)];
        return limitRate({ ...given, desired: low }).value <= limitRate({ ...given, desired: high }).value;
      }),
      { numRuns: 1000 },
    );
  });

  it("adds at most the policy's pods within any of its periods, however often it is asked", () => {
    const wishes = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 40 }), desired: fc.nat(200) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(
        wishes,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 120 }),
        (asked, value, periodSeconds) => {
          const scaleUp = rules(`${value} in ${periodSeconds}`);
          const history = createScalingHistory();
          const seen: { at: number; before: number }[] = [];
          let now = NOW;
          let current = 1;
          for (const { wait, desired } of asked) {
            now += wait * 1000;
            const next = limitRate({
              current,
              desired: Math.max(current, desired),
              scaleUp,
              scaleDown: scaleUp,
              history,
              now,
            }).value;
            seen.push({ at: now, before: current });
            if (next !== current) recordScaleEvent(history, now, current, next);
            current = next;
            const since = seen.find(({ at }) => at > now - periodSeconds * 1000)?.before ?? current;
            if (current - since > value) return false;
          }
          return true;
        },
      ),
    );
  });
});
