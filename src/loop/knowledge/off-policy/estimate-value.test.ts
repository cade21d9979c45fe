import fc from 'fast-check';

import { seededRandom } from '../../../simulate/random.ts';
import { estimateValue, type OffPolicyValue } from './estimate-value.ts';
import type { LoggedChoice } from './logged-choice.ts';

const CHANCES = [0.3, 0.5, 0.8];
const LOGGING = [0.6, 0.3, 0.1];
const TARGET = [0.1, 0.2, 0.7];
const TRUTH = TARGET.reduce((sum, share, arm) => sum + share * CHANCES[arm]!, 0);

function log(seed: number, choices: number, modelled?: readonly number[]): readonly LoggedChoice[] {
  const random = seededRandom(seed);
  return Array.from({ length: choices }, () => {
    const dice = random();
    const arm = dice < 0.6 ? 0 : dice < 0.9 ? 1 : 2;
    const reward = random() < CHANCES[arm]! ? 1 : 0;
    return { arm, propensity: LOGGING[arm]!, reward, target: TARGET, modelled };
  });
}

const holds = ({ interval: [low, high] }: OffPolicyValue['ips']): boolean => low <= TRUTH && TRUTH <= high;

describe('how another strategy would have done', () => {
  test('is known within its interval in at least 93 of 100 logs, by every estimator', () => {
    const held = { ips: 0, snips: 0, doublyRobust: 0 };
    for (let seed = 0; seed < 300; seed += 1) {
      const value = estimateValue(log(seed, 600, [0.4, 0.4, 0.6]));
      held.ips += Number(holds(value.ips));
      held.snips += Number(holds(value.snips));
      held.doublyRobust += Number(holds(value.doublyRobust!));
    }
    for (const count of Object.values(held)) expect(count).toBeGreaterThanOrEqual(0.93 * 300);
  });

  test('is unbiased by IPS, and by the doubly robust estimate even with a model that is wrong', () => {
    let ips = 0;
    let robust = 0;
    for (let seed = 0; seed < 200; seed += 1) {
      const value = estimateValue(log(1000 + seed, 400, [0.9, 0.1, 0.2]));
      ips += value.ips.value / 200;
      robust += value.doublyRobust!.value / 200;
      expect(value.direct!.value).toBeCloseTo(0.25, 12);
    }
    expect(Math.abs(ips - TRUTH)).toBeLessThan(0.015);
    expect(Math.abs(robust - TRUTH)).toBeLessThan(0.015);
  });

  test('is surer with a good model than without', () => {
    const { ips, doublyRobust } = estimateValue(log(5, 2000, CHANCES));
    expect(doublyRobust!.error).toBeLessThan(0.8 * ips.error);
  });

  test('without a model is told without one', () => {
    const value = estimateValue(log(1, 100));
    expect([value.direct, value.doublyRobust]).toEqual([undefined, undefined]);
  });

  test('of the strategy that made the log is what it had', () => {
    const own = log(2, 500).map((choice) => ({ ...choice, target: LOGGING }));
    const { ips, snips, logged, effective, largestWeight } = estimateValue(own);
    expect(ips.value).toBeCloseTo(logged.value, 12);
    expect(snips.value).toBeCloseTo(logged.value, 12);
    expect(effective).toBeCloseTo(500, 6);
    expect(largestWeight).toBe(1);
  });

  test('says how much the log says, and which weights were cut', () => {
    const rare = log(3, 500).map((choice) => ({
      ...choice,
      propensity: choice.arm === 2 ? 0.01 : choice.propensity,
    }));
    const cut = estimateValue(rare);
    const whole = estimateValue(rare, { mostWeight: Infinity });
    expect(cut.effective).toBeLessThan(100);
    expect(cut.clipped).toBeGreaterThan(20);
    expect(cut.largestWeight).toBeCloseTo(70, 9);
    expect(whole.clipped).toBe(0);
    expect(cut.ips.value).toBeLessThan(whole.ips.value);
  });

  test('says of how much nothing is known: forced choices know only their own arm', () => {
    const forced: LoggedChoice = { arm: 0, propensity: 1, reward: 0.5, target: [0.4, 0.6] };
    expect(estimateValue([forced]).unsupported).toBeCloseTo(0.6, 12);
    const free = { ...forced, propensity: 0.5, propensities: [0.5, 0.5] };
    expect(estimateValue([free]).unsupported).toBe(0);
    expect(estimateValue([{ ...free, propensities: [0.5, 0] }]).unsupported).toBeCloseTo(0.6, 12);
  });

  test('of an empty log is unknown', () => {
    const { choices, effective, ips, snips } = estimateValue([]);
    expect([choices, effective, ips.value, snips.value]).toEqual([0, 0, NaN, NaN]);
  });

  test('of a single choice is anything', () => {
    const [choice] = log(6, 1, CHANCES);
    const { ips, snips, doublyRobust } = estimateValue([choice!]);
    for (const one of [ips, snips, doublyRobust!]) expect(one.interval).toEqual([0, 1]);
    // Two hundred choices of which the other strategy would have made one.
    const apart: LoggedChoice = { arm: 0, propensity: 0.5, reward: 1, target: [0, 1] };
    const lonely = estimateValue([...Array<LoggedChoice>(199).fill(apart), { ...apart, arm: 1 }]);
    expect(lonely.effective).toBe(1);
    expect(lonely.snips.interval).toEqual([0, 1]);
  });

  test.each<[string, Partial<LoggedChoice>, string]>([
    ['no propensity', { propensity: 0 }, 'propensity is 0'],
    ['a propensity that is no number', { propensity: NaN }, 'propensity is NaN'],
    ['a reward beyond 1', { reward: 1.5 }, 'reward is 1.5'],
    ['an arm that is not there', { arm: 3 }, 'the arm is 3'],
    ['a strategy that does not add up', { target: [0.5, 0.1, 0.1] }, 'not to 1'],
    ['a strategy of no numbers', { target: [NaN, 1, 0] }, 'probability of arm 0'],
    ['a model of too few arms', { modelled: [0.1] }, '1 modelled rewards for 3 arms'],
    ['a model beyond 1', { modelled: [0.1, 0.1, 7] }, 'arm 2 is 7'],
  ])('leaves out a choice with %s, and says why', (_, change, problem) => {
    const good = log(4, 50, CHANCES);
    const value = estimateValue([...good, { ...good[0]!, ...change }]);
    expect(value.problem).toContain(problem);
    expect({ ...value, refused: 0, problem: undefined }).toEqual(estimateValue(good));
  });

  test('is a number within what rewards can be, whatever the log', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    const choice = fc.record({
      arm: fc.nat(1),
      propensity: share,
      reward: fc.double({ min: 0, max: 1, noNaN: true }),
      first: fc.double({ min: 0, max: 1, noNaN: true }),
      model: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const property = fc.property(fc.array(choice, { minLength: 2, maxLength: 40 }), (choices) => {
      const value = estimateValue(
        choices.map(({ first, model, ...one }) => ({
          ...one,
          target: [first, 1 - first],
          modelled: [model, NaN],
        })),
      );
      for (const one of [value.ips, value.doublyRobust!]) {
        expect(Number.isFinite(one.value) && Number.isFinite(one.error)).toBe(true);
        expect(one.interval[0]).toBeGreaterThanOrEqual(0);
        expect(one.interval[1]).toBeLessThanOrEqual(1);
      }
      expect(value.effective).toBeLessThanOrEqual(choices.length + 1e-9);
    });
    fc.assert(property);
  });
});
