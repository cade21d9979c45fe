import { learnOutcome } from '../../plan/selection/outcome.ts';
import { select, type SelectionRequest } from '../../plan/selection/select.ts';
import { createSelectionState } from '../../plan/selection/selection-state.ts';
import type { Strategy } from '../../plan/selection/strategy.ts';
import { seededRandom } from '../../../simulate/random.ts';
import { estimateValue } from './estimate-value.ts';
import { whatIf, type RecordedChoice } from './what-if.ts';

const ARMS = ['a', 'b', 'c'];
const MEANS = [0.3, 0.6, 0.8];
const OPTIONS = { owner: 'uid', arms: ARMS, alpha: 1 };

/** What an ε-greedy strategy did, with replays that are off by a little. */
function recorded(seed: number, choices: number): readonly RecordedChoice[] {
  const random = seededRandom(seed);
  const state = createSelectionState(OPTIONS);
  return Array.from({ length: choices }, (_, window) => {
    const request: SelectionRequest = {
      id: `w${window}`,
      now: window * 1000,
      strategy: { name: 'EpsilonGreedy' },
      vetoes: [undefined, undefined, undefined],
      priorities: [0.9, 0.5, 0.5],
      exploration: { share: 1, floor: 0.1, objections: [] },
    };
    const selection = select(state, { ...request, random });
    if (selection.kind === 'Held') throw new Error(selection.message);
    const { arm, arms } = selection;
    const outcome = {
      choiceId: request.id,
      owner: 'uid',
      at: request.now + 500,
      reward: random() < MEANS[ARMS.indexOf(arm)]! ? 1 : 0,
      succeeded: null,
      censored: false,
      replayed: Float64Array.of(0.35, 0.55, 0.75),
    };
    learnOutcome(state, outcome);
    return { request, arm, propensities: arms.map(({ propensity }) => propensity), outcome };
  });
}

const greedily = (record: RecordedChoice, share = 0): RecordedChoice => ({
  ...record,
  request: { ...record.request, exploration: { share, objections: [] } },
});

describe('what another strategy would have done', () => {
  test.each<[string, Strategy, number, number]>([
    ['replay, which finds the best arm at once', { name: 'Replay' }, 0.72, 0.88],
    ['rank, which follows the user’s priority', { name: 'Ranked' }, 0.2, 0.4],
  ])('is estimated from the log: %s', (_, strategy, low, high) => {
    const log = recorded(3, 1500).map((record) => greedily(record));
    const { doublyRobust, effective, choices } = estimateValue(whatIf(log, strategy, OPTIONS));
    expect(choices).toBe(1500);
    expect(effective).toBeGreaterThan(100);
    expect(doublyRobust!.value).toBeGreaterThan(low);
    expect(doublyRobust!.value).toBeLessThan(high);
  });

  test('of the strategy itself is what it did', () => {
    const log = recorded(4, 300);
    for (const { arm, propensity, target } of whatIf(log, { name: 'EpsilonGreedy' }, OPTIONS))
      expect(target[arm]).toBeCloseTo(propensity, 12);
  });

  test('leaves out what has no outcome, what was censored, and what cannot be', () => {
    const [first, second, third, fourth] = recorded(5, 4);
    const log = [
      first!,
      { ...second!, outcome: undefined },
      { ...third!, outcome: { ...third!.outcome!, censored: true } },
      { ...fourth!, arm: 'unheard of' },
      { ...fourth!, request: { ...fourth!.request, vetoes: ['x', 'y', 'z'] } },
      { ...fourth!, request: { ...fourth!.request, vetoes: [] } },
    ];
    expect([...whatIf(log, { name: 'UCB1' }, OPTIONS)]).toHaveLength(1);
  });
});
