import fc from 'fast-check';

import { seededRandom } from '../../../simulate/random.ts';
import { learnOutcome, learnReplayedWindow, type ChoiceOutcome } from './outcome.ts';
import { select } from './select.ts';
import { createSelectionState, turnSelectionBack, type SelectionState } from './selection-state.ts';
import type { Strategy } from './strategy.ts';

const NOW = 1_800_000_000_000;
const ARMS = ['a', 'b'];

function withChoices(...ids: readonly string[]): SelectionState {
  const state = createSelectionState({ owner: 'uid', arms: ARMS, features: 1 });
  for (const [place, id] of ids.entries()) pick(state, id, NOW + place);
  return state;
}

function pick(state: SelectionState, id: string, now: number, strategy: Strategy = { name: 'UCB1' }): void {
  select(state, {
    id,
    now,
    strategy,
    vetoes: [undefined, undefined],
    priorities: [0.5, 0.5],
    features: Float64Array.of(1),
    exploration: { share: 0.5, floor: 0.1, objections: [] },
    random: seededRandom(now % 1000),
  });
}

const outcome = (change: Partial<ChoiceOutcome> = {}): ChoiceOutcome => ({
  choiceId: 'one',
  owner: 'uid',
  at: NOW + 60_000,
  reward: 0.7,
  succeeded: true,
  censored: false,
  replayed: Float64Array.of(0.8, 0.6),
  ...change,
});

describe('an outcome', () => {
  test('teaches what it can, once', () => {
    const state = withChoices('one');
    expect(learnOutcome(state, outcome())).toEqual({ kind: 'Learned' });
    expect(state.pending).toEqual([]);
    expect(state.tally.sums.slice(0, 3)).toEqual(Float64Array.of(1, 0.7, 0.7 * 0.7));
    expect(state.replay.sums[3]).toBe(1);
    expect(state.records[0]).toBe(1);
    const before = structuredClone(state);
    expect(learnOutcome(state, outcome())).toMatchObject({ kind: 'Refused', reason: 'RepeatedOutcome' });
    expect(state).toEqual(before);
  });

  test.each<[string, Partial<ChoiceOutcome>, string]>([
    ['of a choice that nobody made', { choiceId: 'other' }, 'UnknownChoice'],
    ['of another policy', { owner: 'another' }, 'ForeignChoice'],
    ['before its choice', { at: NOW - 1 }, 'BeforeChoice'],
    ['at no time', { at: NaN }, 'BeforeChoice'],
    ['with a reward that is no number', { reward: NaN }, 'InvalidReward'],
    ['with an endless reward', { reward: Infinity }, 'InvalidReward'],
    ['with a reward above 1', { reward: 1.01 }, 'InvalidReward'],
    ['with a negative reward', { reward: -0.01 }, 'InvalidReward'],
    ['with a replayed reward above 1', { replayed: Float64Array.of(0.5, 2) }, 'InvalidReplay'],
    ['with too few replayed rewards', { replayed: Float64Array.of(0.5) }, 'InvalidReplay'],
  ])('%s is refused, and nothing is harmed', (_, change, reason) => {
    const state = withChoices('one');
    const before = structuredClone(state);
    expect(learnOutcome(state, outcome(change))).toMatchObject({ kind: 'Refused', reason });
    expect(state).toEqual(before);
    expect(learnOutcome(state, outcome())).toEqual({ kind: 'Learned' });
  });

  test.each<[string, Partial<ChoiceOutcome>]>([
    ['that is censored', { censored: true }],
    ['that nobody can judge', { reward: null, succeeded: null }],
  ])('%s ends its choice, and teaches only what replay tells', (_, change) => {
    const state = withChoices('one');
    expect(learnOutcome(state, outcome(change))).toEqual({ kind: 'Censored' });
    expect(state.tally.sums.every((sum) => sum === 0)).toBe(true);
    expect([state.replay.sums[0], state.replay.sums[3]]).toEqual([1, 0]);
    expect(state.pending).toEqual([]);
  });

  test('of some choices may come in any order, and many at once', () => {
    const inOrder = withChoices('x', 'y', 'z');
    const turned = withChoices('x', 'y', 'z');
    const rewards = { x: 0.3, y: 0.3, z: 0.3 };
    const tell = (state: SelectionState, id: keyof typeof rewards): unknown =>
      learnOutcome(state, outcome({ choiceId: id, reward: rewards[id], replayed: undefined }));
    for (const id of ['x', 'y', 'z'] as const) tell(inOrder, id);
    for (const id of ['z', 'x', 'y'] as const) tell(turned, id);
    expect(turned.tally.sums.slice(0, 2)[0]! + turned.tally.sums.slice(3, 4)[0]!).toBeCloseTo(
      inOrder.tally.sums[0]! + inOrder.tally.sums[3]!,
      12,
    );
    expect(turned.pending).toEqual([]);
  });

  test('of a choice that nobody waited for any longer is unknown', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `id ${i}`);
    const state = withChoices(...ids);
    expect(state.pending).toHaveLength(16);
    expect(learnOutcome(state, outcome({ choiceId: 'id 0' }))).toMatchObject({ reason: 'UnknownChoice' });
    expect(learnOutcome(state, outcome({ choiceId: 'id 4' }))).toEqual({ kind: 'Learned' });
  });

  test('of a choice of yesterday is unknown', () => {
    const state = withChoices('old');
    pick(state, 'new', NOW + 86_400_000);
    expect(state.pending.map(({ id }) => id)).toEqual(['new']);
  });
});

describe('what was set aside for something tried', () => {
  const explored = (): { state: SelectionState; id: string } => {
    const state = withChoices();
    for (let window = 0; window < 200; window += 1) {
      const id = `w${window}`;
      pick(state, id, NOW + window, { name: 'ThompsonSampling' });
      if (state.pending[0]!.reserve !== undefined) return { state, id };
      learnOutcome(state, outcome({ choiceId: id, reward: 0.9, replayed: Float64Array.of(0.9, 0.9) }));
    }
    throw new Error('nothing was tried');
  };

  test('comes back with its outcome', () => {
    const { state, id } = explored();
    const { slack } = state.ledger;
    learnOutcome(state, outcome({ choiceId: id, reward: 0.9, replayed: Float64Array.of(0.9, 0.9) }));
    expect(state.ledger.slack).toBeGreaterThan(slack);
    expect(state.ledger.compared).toBe(1);
  });

  test.each<[string, Partial<ChoiceOutcome>]>([
    ['is censored', { censored: true }],
    ['nobody can judge', { reward: null }],
    ['cannot be compared, for nothing was replayed', { replayed: undefined }],
  ])('is gone where its outcome %s', (_, change) => {
    const { state, id } = explored();
    const { slack } = state.ledger;
    learnOutcome(state, outcome({ choiceId: id, reward: 0.9, ...change }));
    expect(state.ledger).toMatchObject({ slack, compared: 0 });
  });
});

test('a window without a choice teaches what every arm would have come to, once', () => {
  const state = withChoices();
  const replayed = Float64Array.of(0.8, NaN);
  expect(learnReplayedWindow(state, NOW, replayed)).toBe(true);
  for (const at of [NOW, NOW - 1, NaN]) expect(learnReplayedWindow(state, at, replayed)).toBe(false);
  expect(learnReplayedWindow(state, NOW + 1, Float64Array.of(9, 9))).toBe(false);
  expect(state.replay.sums[0]).toBe(1);
  turnSelectionBack(state, NOW - 1000);
  expect(learnReplayedWindow(state, NOW - 1, replayed)).toBe(true);
});

test('whatever is told in whatever order, what was learned stays a number, and every choice counts at most once', () => {
  const odd = fc.constantFrom(NaN, Infinity, -Infinity, -1, 2, 0, 1, 0.5);
  const reward = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), odd, fc.constant(null));
  const event = fc.oneof(
    fc.record({
      type: fc.constant('choose' as const),
      id: fc.integer({ min: 0, max: 12 }),
      step: fc.integer({ min: -3, max: 10 }),
      strategy: fc.constantFrom<Strategy>(
        { name: 'Replay' },
        { name: 'UCB1' },
        { name: 'ThompsonSampling' },
        { name: 'ThompsonSampling', posterior: 'Beta' },
        { name: 'LinearThompson' },
        { name: 'KLUCB' },
      ),
    }),
    fc.record({
      type: fc.constant('outcome' as const),
      id: fc.integer({ min: 0, max: 12 }),
      step: fc.integer({ min: -3, max: 10 }),
      owner: fc.constantFrom('uid', 'uid', 'uid', 'another'),
      reward,
      censored: fc.boolean(),
      replayed: fc.option(fc.tuple(reward, reward), { nil: undefined }),
    }),
  );
  const property = fc.property(fc.array(event, { maxLength: 60 }), (events) => {
    const state = withChoices();
    let now = NOW;
    let learned = 0;
    let chosen = 0;
    for (const one of events) {
      now += 1000 * one.step;
      if (one.type === 'choose') {
        const before = state.pending.length;
        pick(state, `id ${one.id}`, now, one.strategy);
        chosen += Number(state.pending.length > before);
        continue;
      }
      const replayed = one.replayed && Float64Array.from(one.replayed, (value) => value ?? NaN);
      const told = { ...outcome(), ...one, choiceId: `id ${one.id}`, at: now, replayed };
      const before = structuredClone(state);
      const result = learnOutcome(state, told);
      if (result.kind === 'Refused') expect(state).toEqual(before);
      learned += Number(result.kind === 'Learned');
    }
    expect(learned).toBeLessThanOrEqual(chosen);
    for (const numbers of [state.tally.sums, state.replay.sums, state.linear!.roots])
      expect(numbers.every(Number.isFinite)).toBe(true);
    const { slack } = state.ledger;
    expect(Number.isFinite(slack) && slack <= 1).toBe(true);
  });
  fc.assert(property);
});
