import { normal, seededRandom } from '../../../simulate/random.ts';
import { createBettingBound, lowerBoundOf, observeBet } from './betting-bound.ts';
import type { LoggedChoice } from './logged-choice.ts';
import { createValueSequence, observeChoice, valueInterval } from './value-sequence.ts';

const ALPHA = 0.05;
const clip = (x: number): number => Math.min(1, Math.max(0, x));

/** Share of runs in which the mean is below its bound at any time, and how far below it the bound is at the end. */
function errors(
  runs: number,
  rounds: number,
  draw: (random: () => number) => number,
  mean: number,
): { readonly outside: number; readonly below: number } {
  let outside = 0;
  let below = 0;
  for (let run = 0; run < runs; run += 1) {
    const random = seededRandom(run);
    const bound = createBettingBound(ALPHA);
    for (let round = 0; round < rounds; round += 1) observeBet(bound, draw(random));
    // Bounds only tighten: what is outside at the end was outside once, and the other way round.
    outside += Number(mean < lowerBoundOf(bound)) / runs;
    below += (mean - lowerBoundOf(bound)) / runs;
  }
  return { outside, below };
}

describe('a lower bound by betting', () => {
  test.each<[string, (random: () => number) => number, number]>([
    ['coins', (random) => (random() < 0.3 ? 1 : 0), 0.3],
    ['rare successes', (random) => (random() < 0.02 ? 1 : 0), 0.02],
    ['uniform numbers', (random) => random(), 0.5],
    ['numbers that hardly vary', (random) => clip(0.7 + 0.02 * normal(random)), 0.7],
  ])('holds for the mean of %s at all times in 95 of 100 runs', (_, draw, mean) => {
    expect(errors(250, 400, draw, mean).outside).toBeLessThanOrEqual(ALPHA);
  });

  test('holds though numbers depend on those before, as long as their expectation does not', () => {
    let outside = 0;
    for (let run = 0; run < 200; run += 1) {
      const random = seededRandom(run);
      const bound = createBettingBound(ALPHA);
      let last = 0;
      for (let round = 0; round < 400; round += 1) {
        // After a high number they scatter widely, after a low one they do not.
        const spread = last > 0.5 ? 0.5 : 0.05;
        last = 0.5 + (random() < 0.5 ? spread : -spread);
        observeBet(bound, last);
      }
      outside += Number(lowerBoundOf(bound) > 0.5);
    }
    expect(outside / 200).toBeLessThanOrEqual(ALPHA);
  });

  test('comes close, the more so the less the numbers vary', () => {
    const coins = errors(20, 2000, (random) => (random() < 0.5 ? 1 : 0), 0.5);
    const still = errors(20, 2000, (random) => clip(0.5 + 0.05 * normal(random)), 0.5);
    expect(coins.below).toBeLessThan(0.08);
    expect(still.below).toBeLessThan(0.02);
  });

  test.each([NaN, -0.1, Infinity])('refuses the number %d and stays as it was', (x) => {
    const bound = createBettingBound(ALPHA);
    for (let i = 0; i < 9; i += 1) observeBet(bound, 0.4);
    const before = structuredClone(bound);
    expect(observeBet(bound, x)).toBe(false);
    expect(bound).toEqual(before);
  });

  test.each([0, 1, NaN])('cannot be made for an error of %d', (alpha) => {
    expect(() => createBettingBound(alpha)).toThrow('alpha must be between 0 and 1');
  });
});

const CHANCES = [0.4, 0.7];
const TARGET = [0.1, 0.9];
const VALUE = 0.67;

/** A log made by a strategy that learns as it goes: propensities follow what came before. */
function* adaptiveLog(seed: number, choices: number, modelled?: readonly number[]): Generator<LoggedChoice> {
  const random = seededRandom(seed);
  let wins = 1;
  let tries = 2;
  for (let i = 0; i < choices; i += 1) {
    const first = Math.min(0.9, Math.max(0.1, 1 - wins / tries));
    const arm = random() < first ? 0 : 1;
    const reward = random() < CHANCES[arm]! ? 1 : 0;
    if (arm === 1) {
      wins += reward;
      tries += 1;
    }
    const propensities = [first, 1 - first];
    yield { arm, propensity: propensities[arm]!, reward, target: TARGET, modelled, propensities };
  }
}

function intervalOf(log: Iterable<LoggedChoice>): readonly [number, number] {
  const sequence = createValueSequence(ALPHA);
  for (const choice of log) observeChoice(sequence, choice);
  return valueInterval(sequence);
}

describe('the value of another strategy at any time', () => {
  test.each<[string, readonly number[] | undefined]>([
    ['without a model', undefined],
    ['with a good one', CHANCES],
    ['with a wrong one', [0.9, 0.1]],
  ])('lies within in 95 of 100 logs that were made by a learner, %s', (_, modelled) => {
    let outside = 0;
    for (let seed = 0; seed < 150; seed += 1) {
      const [low, high] = intervalOf(adaptiveLog(seed, 300, modelled));
      outside += Number(low > VALUE || high < VALUE);
    }
    expect(outside / 150).toBeLessThanOrEqual(ALPHA);
  });

  test('is found', () => {
    const [low, high] = intervalOf(adaptiveLog(1, 4000));
    expect(high - low).toBeLessThan(0.15);
  });

  test('of forced choices is known only as far as they go', () => {
    const forced: LoggedChoice = {
      arm: 0,
      propensity: 1,
      reward: 1,
      target: [0.5, 0.5],
      propensities: [1, 0],
    };
    const [low, high] = intervalOf(Array<LoggedChoice>(3000).fill({ ...forced, modelled: [1, 1] }));
    expect(low).toBeLessThanOrEqual(0.5);
    expect(low).toBeGreaterThan(0.4);
    expect(high).toBe(1);
  });

  test('takes no notice of what cannot be', () => {
    const sequence = createValueSequence(ALPHA);
    const before = structuredClone(sequence);
    const [choice] = adaptiveLog(1, 1);
    expect(observeChoice(sequence, { ...choice!, reward: NaN })).toBe(false);
    expect(sequence).toEqual({ ...before, refused: 1 });
  });
});
