import { addReward, type Forgetting } from './bandit/tally.ts';
import { adoptArms } from './adopt-arms.ts';
import { learnOutcome } from './outcome.ts';
import { createReplayTerms, replayTerms } from './replay-learner.ts';
import { select } from './select.ts';
import {
  createSelectionState,
  rankedScoreOf,
  type SelectionOptions,
  type SelectionState,
} from './selection-state.ts';
import { estimateLinear } from './bandit/linear-model.ts';

const OPTIONS: SelectionOptions = { owner: 'uid', arms: ['a', 'b'], features: 2 };

/** Each arm in force for ten windows, and then once more without an outcome. */
function lived(options: SelectionOptions = OPTIONS): SelectionState {
  const state = createSelectionState(options);
  for (let window = 0; window < 22; window += 1) {
    const vetoes = window % 2 === 0 ? [undefined, 'no'] : ['no', undefined];
    select(state, {
      id: `w${window}`,
      now: window,
      strategy: { name: 'Replay' },
      vetoes,
      priorities: [0, 0],
      features: Float64Array.of(1, window / 22),
      exploration: { share: 0, objections: [] },
      random: () => 0,
    });
    const reward = window % 2 === 0 ? 0.3 : 0.7;
    if (window >= 20) continue;
    learnOutcome(state, {
      choiceId: `w${window}`,
      owner: 'uid',
      at: window,
      reward,
      succeeded: window % 2 === 1,
      censored: false,
      replayed: Float64Array.of(0.4, 0.7),
    });
  }
  return state;
}

/** All that is known of one arm. */
function knownOf(state: SelectionState, name: string): unknown {
  const arm = state.arms.indexOf(name);
  const { sums, arms } = state.tally;
  const { correction, ...terms } = replayTerms(state.replay, arm, {
    neighbours: undefined,
    out: createReplayTerms(),
  });
  return {
    tally: [sums.slice(3 * arm, 3 * arm + 3), sums.slice(3 * (arms + arm), 3 * (arms + arm) + 3)],
    ranked: rankedScoreOf(state, arm, { priority: 0, now: 30 }),
    line:
      state.linear &&
      estimateLinear(state.linear, arm, {
        features: Float64Array.of(1, 0.5),
        out: { mean: 0, deviation: 0 },
      }),
    own: terms.own,
    compared: terms.compared,
  };
}

describe('arms that were edited', () => {
  test('as they were leave the state as it is', () => {
    const state = lived();
    expect(adoptArms(state, OPTIONS)).toBe(state);
  });

  test('keep what is known of them, wherever they stand now', () => {
    const state = lived();
    const next = adoptArms(state, { ...OPTIONS, arms: ['new', 'b', 'a'] });
    for (const arm of ['a', 'b']) expect(knownOf(next, arm)).toEqual(knownOf(state, arm));
    const fresh = createSelectionState({ ...OPTIONS, arms: ['new', 'b', 'a'] });
    expect(next.tally.sums.slice(0, 3)).toEqual(fresh.tally.sums.slice(0, 3));
    expect(next.pending.map(({ arm }) => next.arms[arm])).toEqual(['a', 'b']);
  });

  test('that are gone take their choices with them', () => {
    const next = adoptArms(lived(), { ...OPTIONS, arms: ['b'] });
    expect(next.pending.map(({ id }) => id)).toEqual(['w21']);
    expect(knownOf(next, 'b')).toEqual(knownOf(lived(), 'b'));
  });

  test.each<[string, Forgetting, Forgetting, number]>([
    ['a window that becomes shorter', { kind: 'Window', length: 30 }, { kind: 'Window', length: 4 }, 2],
    ['a window that becomes a discount', { kind: 'Window', length: 30 }, { kind: 'None' }, 10],
    ['a discount that becomes none', { kind: 'Discount', factor: 0.9999 }, { kind: 'None' }, 10],
    ['a discount that becomes a window', { kind: 'Discount', factor: 0.9 }, { kind: 'Window', length: 4 }, 0],
  ])('%s keeps the rewards that can be kept', (...[, before, after, kept]) => {
    const next = adoptArms(lived({ ...OPTIONS, forgetting: before }), { ...OPTIONS, forgetting: after });
    expect(next.tally.sums[0]).toBeCloseTo(kept, 1);
    for (let i = 0; i < 9; i += 1) addReward(next.tally, 0, 0.5);
    expect(next.tally.sums.every(Number.isFinite)).toBe(true);
  });

  test('with less to lose begin without slack, and with more go on', () => {
    const state = lived();
    expect(state.ledger.slack).toBeGreaterThan(0.1);
    expect(adoptArms(state, { ...OPTIONS, alpha: 0.01 }).ledger).toMatchObject({ alpha: 0.01, slack: 0 });
    expect(adoptArms(state, { ...OPTIONS, alpha: 0.1 }).ledger.slack).toBe(state.ledger.slack);
  });

  test('of other features begin their lines anew, and lose them without', () => {
    const state = lived();
    expect(adoptArms(state, { ...OPTIONS, features: 3 }).linear).toMatchObject({ features: 3, step: 0 });
    const { features, ...without } = OPTIONS;
    expect(adoptArms(state, without).linear).toBeUndefined();
  });
});
