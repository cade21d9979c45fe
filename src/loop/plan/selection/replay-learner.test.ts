import fc from 'fast-check';

import {
  createReplayLearner,
  createReplayTerms,
  disagreementOf,
  learnReplay,
  replayTerms,
  type NeighbourRewards,
  type ReplayLearner,
} from './replay-learner.ts';

const terms = (learner: ReplayLearner, arm: number, neighbours?: NeighbourRewards) =>
  replayTerms(learner, arm, { neighbours, out: createReplayTerms() });

function taught(
  windows: readonly (readonly number[])[],
  real: (window: number) => { arm: number; reward: number } | undefined = () => undefined,
): ReplayLearner {
  const learner = createReplayLearner(windows[0]!.length);
  for (const [window, replayed] of windows.entries())
    expect(learnReplay(learner, { replayed: Float64Array.from(replayed), real: real(window) })).toBe(true);
  return learner;
}

const windows = (count: number, rewards: readonly number[]) => Array.from({ length: count }, () => rewards);

describe('what replay expects', () => {
  test('is nothing before the first window', () => {
    expect(terms(createReplayLearner(2), 0)).toEqual(createReplayTerms());
  });

  test('is the mean of the last windows, the newest counting most', () => {
    const learner = taught([...windows(100, [0.2, 0.5]), ...windows(400, [0.8, 0.5])]);
    expect(terms(learner, 0).mean).toBeGreaterThan(0.7);
    expect(terms(learner, 1).mean).toBeCloseTo(0.5, 12);
  });

  test('leaves out windows in which an arm was not replayed', () => {
    const learner = taught([
      [0.4, 0.6],
      [0.4, NaN],
    ]);
    expect(terms(learner, 1).own).toBeCloseTo(0.6, 12);
    expect(terms(learner, 1).ownWeight).toBeLessThan(terms(learner, 0).ownWeight);
  });

  test('leans on neighbours while own windows are few, and less later', () => {
    const neighbours: NeighbourRewards = {
      mean: Float64Array.of(0.9, NaN),
      variance: Float64Array.of(0.01, NaN),
      weight: Float64Array.of(20, 0),
    };
    const means = [0, 5, 20, 500].map((count) => {
      const learner = count === 0 ? createReplayLearner(2) : taught(windows(count, [0.1, 0.5]));
      return terms(learner, 0, neighbours).mean;
    });
    expect(means[0]).toBe(0.9);
    expect(means[1]).toBeCloseTo(0.74, 1);
    expect(means[2]).toBeCloseTo(0.5, 1);
    // A situation like this one says as much as what is usual, however long that is known.
    expect(means[3]).toBeCloseTo(0.5, 2);
    expect(terms(taught(windows(5, [0.1, 0.5])), 1, neighbours).mean).toBeCloseTo(0.5, 12);
  });

  test('of neighbours that are no numbers is what it is without them', () => {
    const learner = taught(windows(5, [0.1, 0.5]));
    for (const bad of [NaN, Infinity, -1]) {
      const neighbours = {
        mean: Float64Array.of(bad, 0.5),
        variance: Float64Array.of(0.1, bad),
        weight: Float64Array.of(1, bad),
      };
      for (const arm of [0, 1]) expect(terms(learner, arm, neighbours)).toEqual(terms(learner, arm));
    }
  });
});

describe('where replay and reality disagree', () => {
  test('says by how much', () => {
    expect(disagreementOf(createReplayLearner(2))).toEqual({ windows: 0, bias: NaN, size: NaN });
    const learner = taught(windows(200, [0.8, 0.5]), (window) => ({
      arm: 0,
      reward: window % 2 === 0 ? 0.6 : 0.8,
    }));
    const { windows: count, bias, size } = disagreementOf(learner);
    expect(count).toBeGreaterThan(100);
    expect(bias).toBeCloseTo(0.1, 2);
    expect(size).toBeCloseTo(0.1, 2);
  });

  test('an arm of which replay promises too much loses its lead', () => {
    const reality = [0.5, 0.6];
    const learner = taught(windows(60, [0.8, 0.6]), (window) => {
      const arm = window % 4 === 0 ? 1 : 0;
      return { arm, reward: reality[arm]! };
    });
    expect(terms(learner, 0).correction).toBeGreaterThan(0.2);
    expect(terms(learner, 0).mean).toBeLessThan(terms(learner, 1).mean);
  });

  test('what all arms have alike changes no order', () => {
    const both = taught(windows(200, [0.8, 0.75]), (window) => ({
      arm: window % 2,
      reward: window % 2 === 0 ? 0.6 : 0.55,
    }));
    expect(terms(both, 0).mean).toBeGreaterThan(terms(both, 1).mean);
  });

  test('an arm that was never in force is taken to be as wrong as the others, but not wholly', () => {
    const learner = taught(windows(400, [0.8, 0.75]), () => ({ arm: 0, reward: 0.6 }));
    expect(terms(learner, 0).correction).toBeCloseTo(0.2, 2);
    expect(terms(learner, 1).correction).toBeGreaterThan(0.1);
    expect(terms(learner, 1).correction).toBeLessThan(0.15);
  });

  test('agreement makes it surer, and an arm that was never in force stays in doubt', () => {
    const learner = taught(windows(100, [0.8, 0.8]), () => ({ arm: 0, reward: 0.8 }));
    expect(terms(learner, 0).deviation).toBeLessThan(terms(learner, 1).deviation / 2);
    expect(terms(learner, 0).mean).toBeCloseTo(0.8, 6);
  });
});

test('a window with a number that cannot be a reward is refused whole', () => {
  const bad = [
    { replayed: Float64Array.of(0.5, 1.1) },
    { replayed: Float64Array.of(0.5, -0.1) },
    { replayed: Float64Array.of(0.5) },
    { replayed: Float64Array.of(0.5, 0.5), real: { arm: 0, reward: NaN } },
    { replayed: Float64Array.of(0.5, 0.5), real: { arm: 2, reward: 0.5 } },
  ];
  const learner = taught(windows(3, [0.4, 0.6]));
  const before = structuredClone(learner);
  for (const window of bad) expect(learnReplay(learner, window)).toBe(false);
  expect(learner).toEqual(before);
});

test('whatever comes, expectations are rewards', () => {
  const reward = fc.double({ min: 0, max: 1, noNaN: true });
  const window = fc.tuple(reward, fc.option(reward, { nil: NaN }), fc.nat(1), reward);
  const property = fc.property(fc.array(window, { maxLength: 80 }), (seen) => {
    const learner = createReplayLearner(2);
    for (const [first, second, arm, real] of seen)
      learnReplay(learner, { replayed: Float64Array.of(first, second), real: { arm, reward: real } });
    for (const arm of [0, 1]) {
      const { mean, deviation } = terms(learner, arm);
      if (Number.isNaN(mean)) continue;
      expect(mean).toBeGreaterThanOrEqual(0);
      expect(mean).toBeLessThanOrEqual(1);
      expect(deviation).toBeGreaterThan(0);
      expect(deviation).toBeLessThan(1.5);
    }
  });
  fc.assert(property);
});
