import fc from 'fast-check';
import {
  createScalingHistory,
  recordInitialRecommendation,
  recordRecommendation,
  type ScalingHistory,
} from './history.ts';
import { stabilize } from './stabilization.ts';

const NOW = 1_700_000_000_000;

type Past = readonly (readonly [recommendation: number, minutesAgo: number])[];

function historyOf(past: Past): ScalingHistory {
  const history = createScalingHistory();
  for (const [recommendation, minutesAgo] of [...past].sort((a, b) => b[1] - a[1])) {
    recordRecommendation(history, NOW - minutesAgo * 60_000, recommendation);
  }
  return history;
}

interface Case {
  readonly name: string;
  readonly past: Past;
  /** Replicas now and desired. */
  readonly step: readonly [number, number];
  /** Seconds, up and down. */
  readonly windows: readonly [number, number];
  readonly result: number;
}

// kubernetes v1.36.3 pkg/controller/podautoscaler/horizontal_test.go
const WITH_BEHAVIOR: readonly Case[] = [
  { name: 'empty recommendations for scaling down', past: [], step: [100, 5], windows: [0, 0], result: 5 },
  {
    name: 'simple scale down stabilization',
    past: [
      [4, 2],
      [5, 1],
    ],
    step: [100, 3],
    windows: [0, 180],
    result: 5,
  },
  {
    name: 'simple scale up stabilization',
    past: [
      [4, 2],
      [5, 1],
    ],
    step: [1, 7],
    windows: [300, 0],
    result: 4,
  },
  {
    name: 'no scale down stabilization',
    past: [
      [1, 2],
      [2, 1],
    ],
    step: [100, 3],
    windows: [300, 0],
    result: 3,
  },
  {
    name: 'no scale up stabilization',
    past: [
      [4, 2],
      [5, 1],
    ],
    step: [1, 3],
    windows: [0, 300],
    result: 3,
  },
  {
    name: 'no scale down stabilization, reuse recommendation element',
    past: [
      [10, 10],
      [9, 9],
    ],
    step: [100, 3],
    windows: [0, 0],
    result: 3,
  },
  {
    name: 'no scale up stabilization, reuse recommendation element',
    past: [
      [10, 10],
      [9, 9],
    ],
    step: [1, 100],
    windows: [0, 0],
    result: 100,
  },
  {
    name: 'scale down stabilization, obsolete recommendations',
    past: [
      [10, 10],
      [4, 1],
      [5, 2],
      [9, 9],
    ],
    step: [100, 3],
    windows: [0, 180],
    result: 5,
  },
  {
    name: 'scale up stabilization, obsolete recommendations',
    past: [
      [10, 100],
      [6, 1],
      [5, 2],
      [9, 3],
    ],
    step: [1, 100],
    windows: [300, 0],
    result: 5,
  },
  {
    name: 'do not scale up when prenormalized rec goes down',
    past: [
      [2, 100],
      [3, 3],
    ],
    step: [2, 1],
    windows: [300, 300],
    result: 2,
  },
  {
    name: 'do not scale down when prenormalized rec goes up',
    past: [
      [2, 100],
      [1, 3],
    ],
    step: [2, 3],
    windows: [300, 300],
    result: 2,
  },
];

// TestNormalizeDesiredReplicas: without `behavior` only the scale-down window of 5 minutes exists.
const WITHOUT_BEHAVIOR: readonly Case[] = [
  { name: 'empty log', past: [], step: [1000, 5], windows: [0, 300], result: 5 },
  {
    name: 'stabilize',
    past: [
      [4, 2],
      [5, 1],
    ],
    step: [1000, 3],
    windows: [0, 300],
    result: 5,
  },
  {
    name: 'no stabilize',
    past: [
      [1, 2],
      [2, 1],
    ],
    step: [1000, 3],
    windows: [0, 300],
    result: 3,
  },
  {
    name: 'no stabilize - old recommendations',
    past: [
      [10, 10],
      [9, 9],
    ],
    step: [1000, 3],
    windows: [0, 300],
    result: 3,
  },
  {
    name: 'stabilize - old recommendations',
    past: [
      [10, 10],
      [4, 1],
      [5, 2],
      [9, 9],
    ],
    step: [1000, 3],
    windows: [0, 300],
    result: 5,
  },
];

describe('the published cases of the HorizontalPodAutoscaler', () => {
  test.each([...WITH_BEHAVIOR, ...WITHOUT_BEHAVIOR])('$name', ({ past, step, windows, result }) => {
    const [current, desired] = step;
    const [scaleUpWindowSeconds, scaleDownWindowSeconds] = windows;
    const input = { current, desired, scaleUpWindowSeconds, scaleDownWindowSeconds, now: NOW };
    expect(stabilize({ ...input, history: historyOf(past) }).value).toBe(result);
  });
});

describe('stabilize', () => {
  const input = { scaleUpWindowSeconds: 60, scaleDownWindowSeconds: 300, now: NOW };

  it('says what held a decrease', () => {
    expect(stabilize({ ...input, history: historyOf([[8, 4]]), current: 10, desired: 3 })).toEqual({
      value: 8,
      limitedBy: 'ScaleDownStabilized',
      message: 'the highest recommendation of the last 300 s is 8',
    });
  });

  it('says what held an increase', () => {
    expect(stabilize({ ...input, history: historyOf([[4, 0.5]]), current: 2, desired: 9 })).toEqual({
      value: 4,
      limitedBy: 'ScaleUpStabilized',
      message: 'the lowest recommendation of the last 60 s is 4',
    });
  });

  it('lowers nothing within the first window of a process, which knows nothing of the past', () => {
    const history = createScalingHistory();
    recordInitialRecommendation(history, NOW, 10);
    const later = (seconds: number) =>
      stabilize({ ...input, history, current: 10, desired: 3, now: NOW + seconds * 1000 }).value;
    expect([later(0), later(299), later(300)]).toEqual([10, 10, 3]);
  });

  const count = fc.nat(2_147_483_647);
  const seconds = fc.integer({ min: 0, max: 3600 });
  const anyPast = fc.array(fc.tuple(count, fc.double({ min: 0, max: 61, noNaN: true })), { maxLength: 20 });

  const anyInput = fc.record({
    current: count,
    desired: count,
    scaleUpWindowSeconds: seconds,
    scaleDownWindowSeconds: seconds,
    now: fc.constant(NOW),
  });

  it('stays between current and desired, below no recommendation of one window and above none of the other', () => {
    fc.assert(
      fc.property(anyInput, anyPast, (given, past) => {
        const { current, desired } = given;
        const { value, limitedBy } = stabilize({ ...given, history: historyOf(past) });
        // One second less than the window: that much the history may round.
        const since = (window: number) =>
          past.filter(([, minutes]) => minutes * 60 < window - 1).map(([replicas]) => replicas);
        const floor = Math.min(current, Math.max(desired, ...since(given.scaleDownWindowSeconds)));
        const ceiling = Math.max(current, Math.min(desired, ...since(given.scaleUpWindowSeconds)));
        const between = value >= Math.min(current, desired) && value <= Math.max(current, desired);
        return (
          between && value >= floor && value <= ceiling && (limitedBy === undefined) === (value === desired)
        );
      }),
      { numRuns: 1000 },
    );
  });
});
