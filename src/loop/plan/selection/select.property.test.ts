import fc from 'fast-check';

import { seededRandom } from '../../../simulate/random.ts';
import type { ExplorationTerms } from './exploration-shares.ts';
import { learnOutcome } from './outcome.ts';
import { select, type Chosen } from './select.ts';
import { createSelectionState, type SelectionState } from './selection-state.ts';
import type { Strategy } from './strategy.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const strategy = fc.constantFrom<Strategy>(
  { name: 'Replay' },
  { name: 'Ranked' },
  { name: 'EpsilonGreedy', scale: 1 },
  { name: 'UCB1' },
  { name: 'KLUCB' },
  { name: 'ThompsonSampling', posterior: 'Beta' },
  { name: 'ThompsonSampling', posterior: 'Normal' },
  { name: 'LinearThompson' },
  { name: 'LinUCB' },
);

/** A state after some windows of any kind, and what is asked of it then. */
const asked = fc.integer({ min: 1, max: 6 }).chain((arms) => {
  const perArm = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: arms, maxLength: arms });
  return fc.record({
    arms: fc.constant(arms),
    alpha: unit,
    history: fc.array(fc.tuple(perArm(unit), unit, fc.boolean()), { maxLength: 30 }),
    strategy,
    vetoes: perArm(fc.option(fc.constant('no'), { nil: undefined, freq: 3 })),
    priorities: perArm(fc.oneof(unit, fc.constantFrom(NaN, -1, 5))),
    feature: fc.oneof(unit, fc.constantFrom(NaN, 1e6)),
    share: fc.oneof(unit, fc.constantFrom(NaN, -1, 7)),
    floor: fc.oneof(unit, fc.constantFrom(NaN, -1, 7)),
    wanted: fc.option(perArm(fc.constantFrom(NaN, 1, 5, 9)), { nil: undefined }),
    budgetLeft: fc.option(unit, { nil: undefined }),
    seed: fc.nat(1000),
  });
});

type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function lived({ arms, alpha, history, strategy: name, seed }: Asked): SelectionState {
  const names = Array.from({ length: arms }, (_, arm) => `arm ${arm}`);
  const state = createSelectionState({ owner: 'uid', arms: names, alpha, features: 2 });
  const random = seededRandom(seed);
  for (const [window, [replayed, reward, censored]] of history.entries()) {
    select(state, {
      id: `w${window}`,
      now: window,
      strategy: name,
      vetoes: names.map(() => undefined),
      priorities: names.map(() => 0.5),
      features: Float64Array.of(1, reward),
      exploration: { share: 0.5, floor: 0.1, objections: [] },
      random,
    });
    const told = {
      choiceId: `w${window}`,
      owner: 'uid',
      at: window,
      reward,
      succeeded: reward > 0.5,
      censored,
    };
    // The last windows' outcomes are still to come.
    if (window < 25) learnOutcome(state, { ...told, replayed: Float64Array.from(replayed) });
  }
  return state;
}

function answer(given: Asked): { readonly chosen: Chosen | undefined; readonly state: SelectionState } {
  const state = lived(given);
  const { share, floor, budgetLeft } = given;
  const wanted = given.wanted && Float64Array.from(given.wanted);
  const exploration: ExplorationTerms = { share, floor, objections: [], wanted, budgetLeft };
  const selection = select(state, {
    id: 'now',
    now: 100,
    strategy: given.strategy,
    vetoes: given.vetoes,
    priorities: given.priorities,
    features: Float64Array.of(1, given.feature),
    exploration,
    random: seededRandom(given.seed + 1),
  });
  return { chosen: selection.kind === 'Chosen' ? selection : undefined, state };
}

describe('whatever is asked, in whatever state', () => {
  test('propensities are a distribution over what is allowed, and the chosen arm has one', () => {
    const property = fc.property(asked, (given) => {
      const { chosen } = answer(given);
      expect(chosen === undefined).toBe(given.vetoes.every((veto) => veto !== undefined));
      if (chosen === undefined) return;
      let sum = 0;
      for (const [arm, { propensity, veto }] of chosen.arms.entries()) {
        expect(propensity).toBeGreaterThanOrEqual(0);
        if (given.vetoes[arm] !== undefined) expect([propensity, veto]).toEqual([0, 'no']);
        sum += propensity;
      }
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
      expect(chosen.propensity).toBeGreaterThan(0);
      expect(chosen.propensity).toBe(chosen.arms.find(({ arm }) => arm === chosen.arm)!.propensity);
      if (chosen.forced !== undefined) expect([chosen.propensity, chosen.explored]).toEqual([1, false]);
    });
    fc.assert(property);
  });

  test('no more than the share is tried, and nothing that could cost more than there is', () => {
    const property = fc.property(asked, (given) => {
      const { chosen, state } = answer(given);
      if (chosen === undefined) return;
      const champion = chosen.arms.find(({ arm }) => arm === chosen.champion)!;
      const share = given.share > 0 ? Math.min(1, given.share) : 0;
      expect(1 - champion.propensity).toBeLessThanOrEqual(share + 1e-9);
      const [made] = state.pending.slice(-1);
      expect(made!.reserve !== undefined).toBe(chosen.explored);
      // What was set aside was there; outcomes below what was believed may have left debts, and then nothing is tried.
      if (chosen.explored) expect(state.ledger.slack).toBeGreaterThanOrEqual(-1e-9);
    });
    fc.assert(property);
  });
});
