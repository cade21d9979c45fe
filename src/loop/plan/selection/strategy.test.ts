import { plainMoment } from '../../../../test/support/bandit-problem.ts';
import { createEstimates } from './moment.ts';
import { learnReplayedWindow } from './outcome.ts';
import { createSelectionState, type SelectionState } from './selection-state.ts';
import { believeReplay, estimate, offsetOf, type Strategy } from './strategy.ts';

const created = (): SelectionState =>
  createSelectionState({ owner: 'uid', arms: ['a', 'b', 'c'], features: 1 });

/** Windows in which the third arm was not replayed. */
function replayed(windows = 30): SelectionState {
  const state = created();
  for (let at = 1; at <= windows; at += 1) learnReplayedWindow(state, at, Float64Array.of(0.5, 0.9, NaN));
  return state;
}

function estimated(strategy: Strategy, state: SelectionState, ranked: readonly number[] = [0.1, 0.2, 0.3]) {
  const out = createEstimates(3);
  const moment = {
    ...plainMoment(3, { ranked: Float64Array.from(ranked), features: Float64Array.of(1) }),
    neighbours: undefined,
  };
  return { ...out, by: estimate(strategy, state, moment, out) };
}

describe('replay', () => {
  test('takes the best it knows for certain while it does not know all', () => {
    const { by, mean, probability } = estimated({ name: 'Replay' }, replayed());
    expect(by).toBe('Replay');
    expect([...probability]).toEqual([0, 1, 0]);
    expect(mean[2]).toBeNaN();
  });

  test('leaves it to rank before the first window', () => {
    const { by, probability } = estimated({ name: 'Replay' }, created());
    expect([by, ...probability]).toEqual(['Ranked', 0, 0, 1]);
  });
});

test('a line begins with what replay expects, and in the middle where it expects nothing', () => {
  const state = replayed();
  expect(offsetOf(state, 1, undefined)).toBeCloseTo(0.9, 12);
  expect(offsetOf(state, 2, undefined)).toBe(0.5);
  expect(estimated({ name: 'LinUCB' }, state).mean[1]).toBeCloseTo(0.9, 12);
});

describe('what replay expects becomes a belief', () => {
  test.each<[string, Strategy]>([
    ['of Thompson sampling', { name: 'ThompsonSampling' }],
    ['of beta Thompson sampling', { name: 'ThompsonSampling', posterior: 'Beta' }],
    ['of KL-UCB', { name: 'KLUCB' }],
    ['of ε-greedy', { name: 'EpsilonGreedy' }],
  ])('%s', (_, strategy) => {
    const state = replayed();
    believeReplay(state, undefined);
    const { mean } = estimated(strategy, state);
    expect(mean[1]).toBeGreaterThan(0.8);
    expect(mean[0]).toBeLessThan(0.55);
  });

  test('once, however often it is told', () => {
    const state = replayed();
    believeReplay(state, undefined);
    const before = structuredClone(state.tally);
    believeReplay(state, undefined);
    expect(state.tally).toEqual(before);
  });

  test('and of what it does not know, nothing', () => {
    const state = replayed();
    believeReplay(state, undefined);
    expect(estimated({ name: 'UCB1' }, state).mean[2]).toBeNaN();
  });
});
