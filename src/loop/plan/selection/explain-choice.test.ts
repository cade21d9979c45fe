import { armSources, explainChoice } from './explain-choice.ts';
import { learnOutcome } from './outcome.ts';
import { select, type Selection } from './select.ts';
import { createSelectionState, type SelectionState } from './selection-state.ts';

const HOUR = 3_600_000;
const taught = (): SelectionState => {
  const state = createSelectionState({ owner: 'uid', arms: ['Calm', 'Balanced'] });
  for (let window = 0; window < 40; window += 1) {
    choose(state, window);
    learnOutcome(state, {
      choiceId: `w${window}`,
      owner: 'uid',
      at: window * HOUR + 1,
      reward: 0.75,
      succeeded: true,
      censored: false,
      replayed: Float64Array.of(0.5, 0.8),
    });
  }
  return state;
};

function choose(
  state: SelectionState,
  window: number,
  vetoes: (string | undefined)[] = [undefined, undefined],
) {
  return select(state, {
    id: `w${window}`,
    now: window * HOUR,
    strategy: { name: 'Replay' },
    vetoes,
    priorities: [0.5, 0.6],
    exploration: { share: 0, objections: [] },
    random: () => 0.5,
  });
}

describe('a choice is explained', () => {
  test('by what is expected of it and of the others', () => {
    expect(explainChoice(choose(taught(), 50))).toMatch(
      /^Balanced chosen with a chance of 100 % by Replay: expected 0\.7\d+ ± 0\.0\d+; others: Calm expected 0\.4\d+ ± 0\.\d+; nothing is tried: exploration is off$/,
    );
  });

  test('by the rank where nothing better knows', () => {
    const state = createSelectionState({ owner: 'uid', arms: ['Calm', 'Balanced'] });
    expect(explainChoice(choose(state, 1))).toBe(
      'Balanced chosen with a chance of 100 % by Ranked, as nothing better knows: 0.5 × success rate 0.5 + ' +
        '0.3 × priority 0.6 + 0.2 × recency 0 = 0.43; others: Calm 0.4; nothing is tried: exploration is off',
    );
  });

  test('by what is not allowed', () => {
    expect(explainChoice(choose(taught(), 50, [undefined, 'its model failed']))).toContain(
      'others: Balanced not allowed: its model failed; no other policy is allowed',
    );
  });

  test('as something tried', () => {
    const chosen = choose(taught(), 50) as Extract<Selection, { kind: 'Chosen' }>;
    const tried = { ...chosen, arm: 'Calm', explored: true, propensity: 0.05, forced: undefined };
    expect(explainChoice(tried)).toContain('Calm tried instead of Balanced with a chance of 5 % by Replay');
  });

  test('when there is none', () => {
    expect(explainChoice(choose(taught(), 50, ['a', 'b']))).toBe(
      'nothing was chosen (AllVetoed): no policy is allowed: a; b',
    );
  });
});

test('what is expected has its sources told apart', () => {
  const neighbours = {
    mean: Float64Array.of(0.9, NaN),
    variance: Float64Array.of(0.01, NaN),
    weight: Float64Array.of(12, 0),
  };
  const [calm, balanced] = armSources(taught(), neighbours);
  expect(calm).toMatchObject({ arm: 'Calm', neighbours: 0.9, neighbourWindows: 12 });
  expect(calm!.replay).toBeCloseTo(0.5, 9);
  expect(balanced).toMatchObject({ neighbours: null, neighbourWindows: 0 });
  expect(balanced!.live).toBeCloseTo(0.75, 9);
  expect(balanced!.correction).toBeCloseTo(0.05, 2);
  expect(balanced!.replayWindows).toBeCloseTo(20, 9);
});
