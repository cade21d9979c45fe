import {
  laiRobbins,
  plainMoment,
  regretOf,
  type CoinProblem,
  type TallyStrategy,
} from '../../../../../test/support/bandit-problem.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import { createEstimates, drawArm } from '../moment.ts';
import { epsilonGreedy } from './epsilon-greedy.ts';
import { linearThompson, linearUpperConfidence } from './linear-bandits.ts';
import { createLinearModel, learnLinear } from './linear-model.ts';
import { createTally, type Forgetting } from './tally.ts';
import { betaThompson, normalThompson } from './thompson.ts';
import { klUpperConfidence, upperConfidence } from './upper-confidence.ts';

const steady = (chances: readonly number[], rounds = 3000, runs = 12): CoinProblem => ({
  chances: () => chances,
  rounds,
  runs,
});
const fresh =
  (arms: number, forgetting: Forgetting = { kind: 'None' }) =>
  () =>
    createTally(arms, forgetting);

const greedy: TallyStrategy = (tally, moment, out) => epsilonGreedy(tally, moment, { out, scale: 20 });

/** Scenario 1 of Garivier and Cappé (2011), and one with five arms. */
const TWO = [0.9, 0.8];
const FIVE = [0.5, 0.4, 0.4, 0.3, 0.2];

describe('regret on coins', () => {
  test.each<[string, TallyStrategy]>([
    ['KL-UCB', klUpperConfidence],
    ['beta Thompson sampling', betaThompson],
  ])('%s grows by the least that any strategy can have', (_, strategy) => {
    for (const chances of [TWO, FIVE]) {
      const regret = regretOf(steady(chances), fresh(chances.length), strategy);
      const slope = (regret.at(-1)! - regret[499]!) / Math.log(3000 / 500);
      // Over so few runs and rounds within a factor; a strategy that does not explore enough is below, and later far above.
      expect(slope).toBeGreaterThan(0.2 * laiRobbins(chances));
      expect(slope).toBeLessThan(2.5 * laiRobbins(chances));
      expect(regret.at(-1)!).toBeLessThan(2 * laiRobbins(chances) * Math.log(3000));
    }
  });

  test('UCB1 stays below the bound of Auer, Cesa-Bianchi and Fischer, and above KL-UCB', () => {
    for (const chances of [TWO, FIVE]) {
      const regret = regretOf(steady(chances), fresh(chances.length), upperConfidence).at(-1)!;
      const gaps = chances.map((chance) => chances[0]! - chance).filter((gap) => gap > 0);
      const bound = gaps.reduce(
        (sum, gap) => sum + (8 * Math.log(3000)) / gap + (1 + Math.PI ** 2 / 3) * gap,
        0,
      );
      expect(regret).toBeLessThan(bound);
      expect(regret).toBeGreaterThan(
        regretOf(steady(chances), fresh(chances.length), klUpperConfidence).at(-1)!,
      );
    }
  });

  test('normal Thompson sampling, which learns the variance too, is no worse than twice the least', () => {
    const regret = regretOf(steady(FIVE), fresh(5), normalThompson).at(-1)!;
    expect(regret).toBeLessThan(2 * laiRobbins(FIVE) * Math.log(3000));
  });

  test('decaying ε-greedy loses what its exploring costs, and no more each time the rounds double', () => {
    const regret = regretOf(steady(FIVE), fresh(5), greedy);
    const meanGap = 0.14;
    // ε = 100 ÷ t: 100 (1 + ln 30) explorations.
    expect(regret.at(-1)!).toBeLessThan(1.6 * meanGap * 100 * (1 + Math.log(30)));
    expect(regret[2999]! - regret[1499]!).toBeLessThan(1.5 * (regret[1499]! - regret[749]!));
  });

  test.each<[string, TallyStrategy, Forgetting]>([
    ['UCB', upperConfidence, { kind: 'Discount', factor: 0.98 }],
    ['UCB', upperConfidence, { kind: 'Window', length: 150 }],
    ['KL-UCB', klUpperConfidence, { kind: 'Discount', factor: 0.98 }],
    ['Thompson sampling', betaThompson, { kind: 'Discount', factor: 0.98 }],
    ['Thompson sampling', betaThompson, { kind: 'Window', length: 150 }],
    ['normal Thompson sampling', normalThompson, { kind: 'Discount', factor: 0.98 }],
  ])('%s that forgets (%j) follows coins that change places', (_, strategy, forgetting) => {
    const switching: CoinProblem = {
      chances: (round) => (round < 1500 ? [0.9, 0.5, 0.4] : [0.1, 0.5, 0.4]),
      rounds: 2000,
      runs: 6,
    };
    const afterSwitch = (how: Forgetting): number => {
      const regret = regretOf(switching, fresh(3, how), strategy);
      return regret[1999]! - regret[1499]!;
    };
    const forgets = afterSwitch(forgetting);
    expect(forgets).toBeLessThan(60);
    expect(forgets).toBeLessThan(0.7 * afterSwitch({ kind: 'None' }));
  });
});

/** Rewards on lines of two features, each arm its own: which arm is best depends on the situation. */
function contextualRegret(strategy: 'Thompson' | 'Upper' | 'None', rounds = 2000): Float64Array {
  const random = seededRandom(5);
  const lines = [
    [0.5, 0.3],
    [0.5, -0.3],
    [0.6, 0],
  ];
  const model = createLinearModel({ arms: 3, features: 2, memory: 0.999 });
  const tally = createTally(3, { kind: 'None' });
  const out = createEstimates(3);
  const regret = new Float64Array(rounds);
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const features = Float64Array.of(1, 2 * random() - 1);
    const means = lines.map(([a, b]) => a! + b! * features[1]!);
    const moment = { ...plainMoment(3), features, offsets: new Float64Array(3).fill(0.5) };
    if (strategy === 'Thompson') linearThompson(model, moment, out);
    else if (strategy === 'Upper') linearUpperConfidence(model, moment, out);
    else normalThompson(tally, moment, out);
    const arm = drawArm(out.probability, random);
    lost += Math.max(...means) - means[arm]!;
    regret[round] = lost;
    learnLinear(model, { arm, features, residual: means[arm]! + 0.1 * normal(random) - 0.5 });
  }
  return regret;
}

test.each(['Thompson', 'Upper'] as const)('linear %s learns which arm is best where', (strategy) => {
  const regret = contextualRegret(strategy);
  const last = regret[1999]! - regret[999]!;
  expect(last).toBeLessThan(0.5 * regret[999]!);
  expect(regret[1999]!).toBeLessThan(0.15 * contextualRegret('None')[1999]!);
});
