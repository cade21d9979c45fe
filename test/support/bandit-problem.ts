import type { Tally } from '../../src/loop/plan/selection/bandit/tally.ts';
import { addReward } from '../../src/loop/plan/selection/bandit/tally.ts';
import {
  createEstimates,
  drawArm,
  type Estimates,
  type Moment,
} from '../../src/loop/plan/selection/moment.ts';
import { seededRandom } from '../../src/simulate/random.ts';

/** Coins with these chances; of the round, where they change. */
export interface CoinProblem {
  readonly chances: (round: number) => readonly number[];
  readonly rounds: number;
  readonly runs: number;
}

export type TallyStrategy = (tally: Tally, moment: Moment, out: Estimates) => void;

/** A moment in which every arm is allowed and nothing else is known. */
export function plainMoment(arms: number, change: Partial<Moment> = {}): Moment {
  return {
    now: 0,
    allowed: new Uint8Array(arms).fill(1),
    ranked: new Float64Array(arms),
    waiting: new Float64Array(arms),
    features: undefined,
    ...change,
  };
}

/** Mean regret after each round, expected of the chosen arms: how much less than the best arm of each round. */
export function regretOf(
  { chances, rounds, runs }: CoinProblem,
  create: () => Tally,
  strategy: TallyStrategy,
): Float64Array {
  const regret = new Float64Array(rounds);
  for (let run = 0; run < runs; run += 1) {
    const random = seededRandom(1000 + run);
    const tally = create();
    const out = createEstimates(tally.arms);
    const moment = plainMoment(tally.arms);
    let lost = 0;
    for (let round = 0; round < rounds; round += 1) {
      strategy(tally, moment, out);
      const arm = drawArm(out.probability, random);
      const now = chances(round);
      lost += Math.max(...now) - now[arm]!;
      addReward(tally, arm, random() < now[arm]! ? 1 : 0);
      regret[round] = regret[round]! + lost / runs;
    }
  }
  return regret;
}

/** What no consistent strategy can be below, for each unit of ln(rounds): Σ gap ÷ kl (Lai and Robbins 1985). */
export function laiRobbins(chances: readonly number[]): number {
  const best = Math.max(...chances);
  const kl = (p: number, q: number): number => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
  return chances.reduce((sum, chance) => sum + (chance === best ? 0 : (best - chance) / kl(chance, best)), 0);
}
