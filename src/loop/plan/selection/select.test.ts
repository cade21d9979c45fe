import { seededRandom } from '../../../simulate/random.ts';
import { learnOutcome } from './outcome.ts';
import { select, type Chosen, type Selection, type SelectionRequest, type WithChance } from './select.ts';
import { createSelectionState, warmStart, type SelectionState } from './selection-state.ts';
import type { StrategyName } from './strategy.ts';

const NOW = 1_800_000_000_000;
const WINDOW = 1_800_000;
const ARMS = ['Calm', 'Balanced', 'Responsive'];
const STRATEGIES: readonly StrategyName[] = [
  'Replay',
  'Ranked',
  'EpsilonGreedy',
  'UCB1',
  'KLUCB',
  'ThompsonSampling',
  'LinearThompson',
  'LinUCB',
];

const created = (change: Partial<Parameters<typeof createSelectionState>[0]> = {}): SelectionState =>
  createSelectionState({ owner: 'uid', arms: ARMS, features: 2, ...change });

const request = (change: Partial<SelectionRequest & WithChance> = {}): SelectionRequest & WithChance => ({
  id: 'uid/1',
  now: NOW,
  strategy: { name: 'Replay' },
  vetoes: [undefined, undefined, undefined],
  priorities: [0.5, 0.5, 0.5],
  features: Float64Array.of(1, 0.3),
  exploration: { share: 0, objections: [] },
  random: seededRandom(1),
  ...change,
});

function choose(state: SelectionState, change: Partial<SelectionRequest & WithChance> = {}): Chosen {
  const selection: Selection = select(state, request(change));
  if (selection.kind === 'Held') throw new Error(selection.message);
  return selection;
}

/** Windows in which replay and reality agree that the second arm is the best. */
function live(
  state: SelectionState,
  windows: number,
  change: Partial<SelectionRequest & WithChance> = {},
): readonly Chosen[] {
  const replayed = Float64Array.of(0.5, 0.9, 0.7);
  const random = seededRandom(9);
  return Array.from({ length: windows }, (_, window) => {
    const now = NOW + window * WINDOW;
    const chosen = choose(state, { id: `uid/${now}`, now, random, ...change });
    const reward = replayed[ARMS.indexOf(chosen.arm)]!;
    const outcome = { owner: 'uid', at: now + WINDOW, reward, succeeded: true, censored: false, replayed };
    expect(learnOutcome(state, { choiceId: chosen.id, ...outcome })).toEqual({ kind: 'Learned' });
    return chosen;
  });
}

describe.each(STRATEGIES)('a choice by %s', (name) => {
  test('of a workload nobody knows is forced and has propensity 1', () => {
    const chosen = choose(created(), { strategy: { name } });
    expect(chosen).toMatchObject({ propensity: 1, explored: false, forced: { reason: 'ExplorationOff' } });
    expect(chosen.arms.map(({ propensity }) => propensity).reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  test('is never an arm that the shield forbids', () => {
    const state = created();
    const vetoes = ['a rollout is in progress', undefined, undefined];
    const exploration = { share: 1, floor: 0.1, objections: [] };
    for (const chosen of live(state, 30, { strategy: { name }, vetoes, exploration })) {
      expect(chosen.arm).not.toBe('Calm');
      expect(chosen.arms[0]).toMatchObject({ propensity: 0, veto: 'a rollout is in progress' });
    }
  });

  test('of the only arm that is allowed is that arm, and says so', () => {
    const vetoes = ['no', 'no', undefined];
    const exploration = { share: 1, objections: [] };
    expect(choose(created(), { strategy: { name }, vetoes, exploration })).toMatchObject({
      arm: 'Responsive',
      propensity: 1,
      forced: { reason: 'OnlyArm' },
    });
  });

  test('is the same for the same seed and state, also after a checkpoint', () => {
    const state = created();
    live(state, 20, { strategy: { name }, exploration: { share: 1, objections: [] } });
    const change = (): Partial<SelectionRequest & WithChance> => ({
      id: 'next',
      now: NOW + 100 * WINDOW,
      strategy: { name },
      exploration: { share: 1, floor: 0.05, objections: [] },
      random: seededRandom(42),
    });
    const copy = structuredClone(state);
    expect(choose(copy, change())).toEqual(choose(state, change()));
    expect(copy).toEqual(state);
  });

  test('is drawn with the very propensities that are told', () => {
    const trained = created({ alpha: 1 });
    live(trained, 12, { strategy: { name }, exploration: { share: 1, objections: [] } });
    const random = seededRandom(3);
    const counts = new Map<string, number>();
    const change = { strategy: { name }, exploration: { share: 0.6, floor: 0.1, objections: [] }, random };
    let told: Chosen | undefined;
    for (let i = 0; i < 1500; i += 1) {
      told = choose(structuredClone(trained), { id: `n${i}`, now: NOW + 50 * WINDOW, ...change });
      counts.set(told.arm, (counts.get(told.arm) ?? 0) + 1);
    }
    for (const { arm, propensity } of told!.arms) {
      // Four standard deviations of 1,500 draws.
      const within = 4 * Math.sqrt((propensity * (1 - propensity)) / 1500) + 1e-9;
      expect(Math.abs((counts.get(arm) ?? 0) / 1500 - propensity)).toBeLessThanOrEqual(within);
    }
    expect(told!.arms.reduce((sum, { propensity }) => sum + propensity, 0)).toBeCloseTo(1, 12);
  });

  test('has a champion that is the best of what it knows', () => {
    const state = created({ alpha: 1 });
    const exploration = { share: 1, floor: 0.2, objections: [] };
    live(state, 150, { strategy: { name }, exploration });
    const last = choose(state, { id: 'last', now: NOW + 1000 * WINDOW, strategy: { name } });
    // `Ranked` looks at success and use alone, and all have succeeded.
    if (name !== 'Ranked') expect(last.champion).toBe('Balanced');
    expect(last.arm).toBe(last.champion);
  });
});

describe('exploring', () => {
  const learned = (): SelectionState => {
    const state = created();
    live(state, 60);
    return state;
  };
  const later = { id: 'later', now: NOW + 100 * WINDOW };

  test('is off by default: the champion, always', () => {
    expect(
      new Set(
        live(created(), 40)
          .slice(1)
          .map(({ arm }) => arm),
      ),
    ).toEqual(new Set(['Balanced']));
  });

  test('is no more than its share, in all', () => {
    const exploration = { share: 0.1, floor: 0.3, objections: [] };
    const { arms } = choose(created({ alpha: 1 }), { exploration, strategy: { name: 'ThompsonSampling' } });
    expect(arms.map(({ propensity }) => propensity).sort()[2]).toBeCloseTo(0.9, 12);
  });

  test('says why it is forbidden', () => {
    const objections = [{ reason: 'BudgetBurning' as const, message: '3 % was bad' }];
    expect(choose(learned(), { ...later, exploration: { share: 1, floor: 0.2, objections } })).toMatchObject({
      propensity: 1,
      arm: 'Balanced',
      forced: { reason: 'ExplorationForbidden', message: 'BudgetBurning: 3 % was bad' },
    });
  });

  test('of arms with less capacity needs a full budget', () => {
    const wanted = Float64Array.of(9, 5, 3);
    const exploration = { share: 1, floor: 0.2, objections: [], wanted };
    const open = (budgetLeft: number): readonly number[] =>
      choose(created({ alpha: 1 }), {
        strategy: { name: 'ThompsonSampling' },
        priorities: [0, 1, 0],
        exploration: { ...exploration, budgetLeft },
      }).arms.map(({ propensity }) => propensity);
    expect(open(0.5)[2]).toBe(0);
    expect(open(0.5)[0]).toBeGreaterThan(0);
    expect(open(1)[2]).toBeGreaterThan(0);
  });

  test('waits until the champion has earned what it may cost', () => {
    const exploration = { share: 1, floor: 0.3, objections: [] };
    const strategy = { name: 'ThompsonSampling' } as const;
    const first = created();
    expect(choose(first, { strategy, exploration })).toMatchObject({
      explored: false,
      propensity: 1,
      forced: { reason: 'NothingToTry' },
    });
    expect(first.ledger.heldBack).toBe(1);
    const rich = created();
    live(rich, 60, { strategy });
    expect(choose(rich, { ...later, strategy, exploration }).forced).toBeUndefined();
  });

  test('costs at most α of what the champion would have brought', () => {
    const state = created({ alpha: 0.05 });
    const exploration = { share: 1, floor: 0.2, objections: [] };
    const chosen = live(state, 400, { exploration, strategy: { name: 'ThompsonSampling' } });
    const reward = { Calm: 0.5, Balanced: 0.9, Responsive: 0.7 } as Record<string, number>;
    let had = 0;
    let champion = 0;
    for (const one of chosen) {
      had += reward[one.arm]!;
      champion += reward[one.champion]!;
      expect(had).toBeGreaterThanOrEqual(0.95 * champion - 1e-9);
    }
    expect(chosen.some(({ explored }) => explored)).toBe(true);
  });
});

describe('where a strategy has nothing to go by, a simpler one decides', () => {
  test.each([
    ['without features', { features: undefined }],
    ['with a feature that is no number', { features: Float64Array.of(1, NaN) }],
    ['with too many features', { features: Float64Array.of(1, 2, 3) }],
  ])('replay for a line %s', (_, change) => {
    const state = created();
    live(state, 10);
    const chosen = choose(state, {
      id: 'x',
      now: NOW + 20 * WINDOW,
      strategy: { name: 'LinUCB' },
      ...change,
    });
    expect(chosen).toMatchObject({ strategy: 'Replay', fellBack: true, arm: 'Balanced' });
  });

  test('and rank for replay', () => {
    const chosen = choose(created(), { priorities: [0, 0.4, 0.9] });
    expect(chosen).toMatchObject({ strategy: 'Ranked', fellBack: true, arm: 'Responsive' });
  });
});

test('what others have seen makes a start, and own rewards take over', () => {
  const state = created();
  const refused = warmStart(state, [
    { arm: 2, mean: 0.95, variance: 0.01, weight: 1000 },
    { arm: 0, mean: 0.4, variance: 0.01, weight: 5 },
    { arm: 1, mean: 0.4, variance: 0.01, weight: 5 },
    { arm: 7, mean: 0.4, variance: 0.01, weight: 5 },
    { arm: 1, mean: NaN, variance: 0.01, weight: 5 },
  ]);
  expect(refused).toBe(2);
  const strategy = { name: 'ThompsonSampling' } as const;
  expect(choose(structuredClone(state), { strategy }).arm).toBe('Responsive');
  const chosen = live(state, 80, { strategy });
  expect(chosen[0]!.arm).toBe('Responsive');
  expect(state.tally.sums[6]).toBeGreaterThan(50);
});

test('reality wins over a replay that is wrong, even where nothing is tried', () => {
  const state = created();
  const real = { Calm: 0.6, Balanced: 0.55, Responsive: 0.8 } as Record<string, number>;
  const replayed = Float64Array.of(0.6, 0.9, 0.8);
  let last = '';
  for (let window = 0; window < 40; window += 1) {
    const now = NOW + window * WINDOW;
    const { arm, id } = choose(state, { id: `uid/${now}`, now });
    const told = { choiceId: id, owner: 'uid', at: now + WINDOW, succeeded: null, censored: false, replayed };
    learnOutcome(state, { ...told, reward: real[arm]! });
    last = arm;
  }
  expect(last).toBe('Responsive');
});

describe('nothing is chosen', () => {
  test.each<[string, Partial<SelectionRequest & WithChance>, string]>([
    ['when all are vetoed', { vetoes: ['a', 'b', 'c'] }, 'AllVetoed'],
    ['at no time', { now: NaN }, 'Malformed'],
    ['with too few vetoes', { vetoes: [] }, 'Malformed'],
    ['with too few priorities', { priorities: [1] }, 'Malformed'],
  ])('%s, and the state stays as it was', (_, change, reason) => {
    const state = created();
    const before = structuredClone(state);
    expect(select(state, request(change))).toMatchObject({ kind: 'Held', reason });
    expect(state).toEqual(before);
  });

  test('from no arms', () => {
    const selection = select(created({ arms: [] }), request({ vetoes: [], priorities: [] }));
    expect(selection).toMatchObject({ kind: 'Held', reason: 'NoArms' });
  });

  test('twice under one id', () => {
    const state = created();
    choose(state);
    expect(select(state, request({ now: NOW + 1 }))).toMatchObject({ reason: 'RepeatedId' });
  });

  test('once when the clock has stepped back, and then again', () => {
    const state = created();
    live(state, 5);
    choose(state, { id: 'future', now: NOW + 10 * WINDOW });
    const { tally, replay } = structuredClone(state);
    expect(select(state, request({ id: 'a', now: NOW }))).toMatchObject({
      kind: 'Held',
      reason: 'ClockBack',
    });
    expect(state.pending).toEqual([]);
    expect(state).toMatchObject({ tally, replay });
    expect(choose(state, { id: 'b', now: NOW + 1 }).arm).toBe('Balanced');
  });
});

test.each([
  [
    'more arms than there may be',
    { arms: Array.from({ length: 33 }, (_, arm) => `arm ${arm}`) },
    'at most 32',
  ],
  ['two of one name', { arms: ['a', 'b', 'a'] }, 'a is there twice'],
])('a state cannot be made for %s', (_, change, message) => {
  expect(() => created(change)).toThrow(message);
});
