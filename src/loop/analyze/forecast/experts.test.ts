import type { Expert } from './expert.ts';
import { LEVELS } from './horizons.ts';
import { FEATURES } from './origin.ts';
import { quantileExpert } from './quantile-expert.ts';
import { residualExpert } from './residual-expert.ts';

/** A small linear congruential generator: the same noise in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Target = slope · feature 1 + error, even in -1 … 1 and wide as feature 7; returns each level's share of hits. */
function train<State>(expert: Expert<State>, rounds: number, outlierEvery = Infinity) {
  const random = noise(7);
  const state = expert.create(5);
  const quantiles = new Float64Array(LEVELS.length);
  const hits = LEVELS.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const features = new Float64Array(FEATURES);
    features[0] = 0.3;
    features[1] = 4 * random() - 2;
    features[7] = 1;
    const outlier = round % outlierEvery === outlierEvery - 1 ? 1e6 : 0;
    const target = 0.5 * features[1] + (2 * random() - 1) + outlier;
    const point = expert.predict(state, features, quantiles);
    if (round >= rounds / 2) LEVELS.forEach((_, k) => (hits[k]! += target <= quantiles[k]! ? 1 : 0));
    expert.learn(state, { features, target, point });
  }
  const features = Float64Array.from([0.3, 2, 0, 0, 0, 0, 0, 1]);
  const point = expert.predict(state, features, quantiles);
  return { hits: hits.map((count) => count / (rounds / 2)), point, quantiles, state };
}

describe.each([
  ['residual', residualExpert as Expert<unknown>],
  ['quantile', quantileExpert as Expert<unknown>],
])('the %s expert', (_name, expert) => {
  test('learns the slope and the width of the errors', () => {
    const { hits, point, quantiles } = train(expert, 8000);
    expect(point).toBeCloseTo(1, 0);
    expect(quantiles[3]).toBeGreaterThan(1.6);
    expect(quantiles[5]).toBeLessThan(2.4);
    LEVELS.forEach((level, k) => expect(Math.abs(hits[k]! - level)).toBeLessThan(0.025));
  });

  test('keeps its median when one target in a hundred is a million sigmas away', () => {
    const { quantiles } = train(expert, 8000, 100);
    expect(Math.abs(quantiles[0]! - 1)).toBeLessThan(0.25);
  });
});

test('the residual expert starts with the width of a random walk', () => {
  const state = residualExpert.create(4);
  const quantiles = new Float64Array(LEVELS.length);
  residualExpert.predict(state, new Float64Array(FEATURES), quantiles);
  expect(quantiles[0]).toBe(0);
  expect(quantiles[3]).toBeCloseTo(2 * 2.56 * 0.45, 9);
});

test('the quantile expert sleeps until it has learned for half a day', () => {
  expect(quantileExpert.isAwake(train(quantileExpert, 719).state)).toBe(false);
  expect(quantileExpert.isAwake(train(quantileExpert, 720).state)).toBe(true);
});
