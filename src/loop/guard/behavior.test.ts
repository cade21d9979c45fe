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

/** Changes spread over the last two minutes as upstream's generateEventsUniformDistribution spreads them. */
function spread(changes: readonly number[], sign: 1 | -1): readonly { at: number; change: number }[] {
  const segment = 120 / changes.length;
  return changes.map((change, index) => {
    const secondsAgo = Math.trunc(120 - segment * (index + 1) + segment / 2);
    return { at: NOW - secondsAgo * 1000, change: sign * change };
  });
}

function historyOf(up: readonly number[], down: readonly number[]): ScalingHistory {
  const history = createScalingHistory();
  const events = [...spread(up, 1), ...spread(down, -1)].sort((a, b) => a.at - b.at);
  for (const { at, change } of events) recordScaleEvent(history, at, 1000, 1000 + change);
  return history;
}

interface Case {
  readonly name: string;
  /** Replicas now and desired. */
  readonly step: readonly [number, number];
  readonly bounds: readonly [number, number];
  readonly up?: string;
  readonly down?: string;
  readonly added?: readonly number[];
  readonly removed?: readonly number[];
  readonly result: number;
  readonly reason:
    'DesiredWithinRange' | 'ScaleUpLimit' | 'ScaleDownLimit' | 'TooFewReplicas' | 'TooManyReplicas';
}

// kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal_test.go, TestScalingWithRules. The bounds are applied by
// the guard that stands behind the rates in the chain.
const UPSTREAM: readonly Case[] = [
  { name: 'within range', step: [5, 7], bounds: [3, 8], result: 7, reason: 'DesiredWithinRange' },
  { name: 'below minReplicas', step: [3, 1], bounds: [2, 8], result: 2, reason: 'TooFewReplicas' },
  {
    name: 'zero within range when minReplicas is 0',
    step: [1, 0],
    bounds: [0, 10],
    result: 0,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'maxReplicas is less than the rate allows',
    step: [20, 1000],
    bounds: [1, 10],
    result: 10,
    reason: 'TooManyReplicas',
  },
  {
    name: 'more than maxReplicas',
    step: [100, 1000],
    bounds: [100, 150],
    result: 150,
    reason: 'TooManyReplicas',
  },
  {
    name: 'one percent of three is one',
    step: [3, 1000],
    bounds: [1, 2000],
    up: '1% in 60',
    result: 4,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'twenty pods down of a thousand',
    step: [1000, 3],
    bounds: [3, 2000],
    down: '20 in 60',
    result: 980,
    reason: 'ScaleDownLimit',
  },
  { name: 'up with the defaults', step: [10, 50], bounds: [1, 1000], result: 20, reason: 'ScaleUpLimit' },
  {
    name: 'up, pods allow more than percent',
    step: [10, 500],
    bounds: [1, 1000],
    up: '100 in 60, 100% in 60',
    result: 110,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up, percent allows more than pods',
    step: [10, 500],
    bounds: [1, 1000],
    up: '2 in 60, 100% in 60',
    result: 20,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up, large pods policy',
    step: [10, 50],
    bounds: [1, 1000],
    up: '100 in 60',
    result: 50,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up, huge pods policy',
    step: [10, 50],
    bounds: [1, 1000],
    up: '10000 in 60',
    result: 50,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up, limited by pods',
    step: [10, 50],
    bounds: [1, 1000],
    up: '30 in 60',
    result: 40,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up, limited by percent',
    step: [10, 50],
    bounds: [1, 1000],
    up: '200% in 60',
    result: 30,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'down, pods allow more than percent',
    step: [100, 2],
    bounds: [1, 1000],
    down: '20 in 60, 1% in 60',
    result: 80,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down, pods allow more than percent, barely',
    step: [100, 2],
    bounds: [1, 1000],
    down: '2 in 60, 1% in 60',
    result: 98,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down to 1 with a large pods policy',
    step: [10, 0],
    bounds: [1, 1000],
    down: '100 in 60',
    result: 1,
    reason: 'TooFewReplicas',
  },
  {
    name: 'down to minReplicas with a large percent policy',
    step: [10, 2],
    bounds: [5, 1000],
    down: '100% in 60',
    result: 5,
    reason: 'TooFewReplicas',
  },
  {
    name: 'down, limited by pods',
    step: [10, 2],
    bounds: [1, 1000],
    down: '5 in 60',
    result: 5,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down, just within percent',
    step: [10, 5],
    bounds: [1, 1000],
    down: '50% in 60',
    result: 5,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up to maxReplicas with a large pods policy and earlier changes',
    step: [100, 500],
    bounds: [1, 200],
    up: '300 in 60',
    added: [1, 5, 9],
    result: 200,
    reason: 'TooManyReplicas',
  },
  {
    name: 'up to maxReplicas with a large percent policy and earlier changes',
    step: [100, 500],
    bounds: [1, 200],
    up: '10000% in 60',
    added: [1, 5, 9],
    result: 200,
    reason: 'TooManyReplicas',
  },
  {
    name: 'no further up when earlier changes used more than the rate',
    step: [100, 500],
    bounds: [1, 1000],
    up: '5 in 120',
    added: [1, 5, 9],
    result: 100,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up by pods counts from before the earlier changes',
    step: [100, 500],
    bounds: [1, 1000],
    up: '150 in 120',
    added: [1, 5, 9],
    result: 235,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up by percent counts from before the earlier changes',
    step: [100, 500],
    bounds: [1, 1000],
    up: '200% in 120',
    added: [1, 5, 9],
    result: 255,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'up by percent counts changes of both directions',
    step: [6, 24],
    bounds: [1, 1000],
    up: '300% in 300',
    added: [4],
    removed: [2],
    result: 16,
    reason: 'ScaleUpLimit',
  },
  {
    name: 'down with the defaults and earlier changes',
    step: [10, 5],
    bounds: [1, 1000],
    removed: [1, 5, 9],
    result: 5,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'down to 1 with a large pods policy and earlier changes',
    step: [100, 0],
    bounds: [1, 1000],
    down: '115 in 120',
    removed: [1, 5, 9],
    result: 1,
    reason: 'TooFewReplicas',
  },
  {
    name: 'down to minReplicas with a large pods policy and earlier changes',
    step: [100, 0],
    bounds: [5, 1000],
    down: '130 in 120',
    removed: [1, 5, 9],
    result: 5,
    reason: 'TooFewReplicas',
  },
  {
    name: 'down to minReplicas with a large percent policy and earlier changes',
    step: [100, 2],
    bounds: [5, 1000],
    down: '100% in 120',
    removed: [1, 5, 9],
    result: 5,
    reason: 'TooFewReplicas',
  },
  {
    name: 'no further down when earlier changes used more than the pods',
    step: [100, 2],
    bounds: [1, 1000],
    down: '5 in 120',
    removed: [1, 5, 9],
    result: 100,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down by percent counts from before the earlier changes',
    step: [100, 0],
    bounds: [1, 1000],
    down: '50% in 120',
    removed: [2, 4, 6],
    result: 56,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down by percent counts changes of both directions',
    step: [10, 1],
    bounds: [1, 1000],
    down: '50% in 180',
    added: [2],
    removed: [4],
    result: 6,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'no further down when earlier changes used more than the percent',
    step: [100, 0],
    bounds: [1, 1000],
    down: '10% in 120',
    removed: [10, 10, 10],
    result: 100,
    reason: 'ScaleDownLimit',
  },
  {
    name: 'down by far more than everything',
    step: [10, 5],
    bounds: [1, 1000],
    down: '1000% in 120',
    removed: [10, 10, 10],
    result: 5,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up, old changes do not count',
    step: [100, 200],
    bounds: [1, 1000],
    up: '1000 in 60',
    added: [8, 12, 9, 11],
    result: 200,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up, each policy has its own period',
    step: [100, 200],
    bounds: [1, 1000],
    up: '1000 in 120, 100% in 60',
    added: [8, 12, 9, 11],
    result: 200,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'up, a shorter period',
    step: [100, 200],
    bounds: [1, 1000],
    up: '1000 in 30, 100% in 60',
    added: [8, 12, 9, 11],
    result: 200,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'down, old changes do not count',
    step: [100, 5],
    bounds: [1, 1000],
    down: '1000 in 60',
    removed: [8, 12, 9, 11],
    result: 5,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'down, each policy has its own period',
    step: [100, 5],
    bounds: [1, 1000],
    down: '1000 in 120, 100% in 60',
    removed: [8, 12, 9, 11],
    result: 5,
    reason: 'DesiredWithinRange',
  },
  {
    name: 'down, a shorter period',
    step: [100, 5],
    bounds: [1, 1000],
    down: '1000 in 30, 100% in 60',
    removed: [8, 12, 9, 11],
    result: 5,
    reason: 'DesiredWithinRange',
  },
  // TestConvertDesiredReplicasWithRules: without `behavior` upstream's limit is max(4, twice the current count).
  {
    name: 'up with the defaults and a large maxReplicas',
    step: [3, 1000],
    bounds: [1, 2000],
    result: 7,
    reason: 'ScaleUpLimit',
  },
];

function inChain({ step: [current, desired], bounds: [minReplicas, maxReplicas], ...given }: Case) {
  const rated = limitRate({
    desired,
    current,
    scaleUp: given.up === undefined ? DEFAULTS.scaleUp : rules(given.up),
    scaleDown: given.down === undefined ? DEFAULTS.scaleDown : rules(given.down),
    history: historyOf(given.added ?? [], given.removed ?? []),
    now: NOW,
  });
  const policy = { spec: { horizontal: { minReplicas, maxReplicas } } };
  const bounded = boundsGuard.check(rated.value, { policy } as unknown as GuardContext);
  return bounded.outcome === 'Clamp'
    ? { result: bounded.value, reason: bounded.reason }
    : { result: rated.value, reason: rated.limitedBy ?? 'DesiredWithinRange' };
}

describe('the published cases of the HorizontalPodAutoscaler', () => {
  test.each(UPSTREAM)('$name', (given) => {
    expect(inChain(given)).toEqual({ result: given.result, reason: given.reason });
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

  it('gives a whole number between the current and the desired count, and says so when it is not the desired one', () => {
    fc.assert(
      fc.property(
        count,
        count,
        anyRules,
        anyRules,
        anyHistory,
        (current, desired, scaleUp, scaleDown, history) => {
          const { value, limitedBy } = limitRate({ current, desired, scaleUp, scaleDown, history, now: NOW });
          const between = value >= Math.min(current, desired) && value <= Math.max(current, desired);
          return Number.isInteger(value) && between && (limitedBy === undefined) === (value === desired);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('allows no less when more is desired', () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        anyRules,
        anyRules,
        anyHistory,
        (current, a, b, scaleUp, scaleDown, history) => {
          const at = (desired: number) =>
            limitRate({ current, desired, scaleUp, scaleDown, history, now: NOW }).value;
          return at(Math.min(a, b)) <= at(Math.max(a, b));
        },
      ),
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
