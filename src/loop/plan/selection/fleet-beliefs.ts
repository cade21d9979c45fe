import {
  addReward,
  createTally,
  rewardVariance,
  sumsOf,
  type ArmBelief,
  type Tally,
} from './bandit/tally.ts';
import { hierarchicalBelief } from './priors.ts';

/**
 * What the workloads of a fleet have found out about each arm together: in all, and by class. A workload that is new to an
 * arm begins with it. Whoever calls decides who belongs together: rewards of a namespace that shares nothing go to beliefs of
 * its own. Plain data.
 */
export interface FleetBeliefs {
  readonly arms: readonly string[];
  readonly all: Tally;
  readonly classes: Map<string, Tally>;
}

/** A day of a hundred workloads, or a week of a dozen. */
const FLEET_FORGETTING = { kind: 'Discount', factor: 0.9998 } as const;
/** Classes are of a handful of kinds; a name that is made up anew each time must not fill the memory. */
const MOST_CLASSES = 64;

export function createFleetBeliefs(arms: readonly string[]): FleetBeliefs {
  return { arms, all: createTally(arms.length, FLEET_FORGETTING), classes: new Map() };
}

/** Takes in what an arm brought a workload; false, and nothing changed, for an arm or a reward that cannot be. */
export function observeFleetReward(
  fleet: FleetBeliefs,
  { workloadClass, arm, reward }: { workloadClass: string; arm: string; reward: number },
): boolean {
  const place = fleet.arms.indexOf(arm);
  if (place < 0 || !(reward >= 0 && reward <= 1)) return false;
  addReward(fleet.all, place, reward);
  const known = fleet.classes.get(workloadClass);
  if (known === undefined && fleet.classes.size >= MOST_CLASSES) return true;
  const tally = known ?? createTally(fleet.arms.length, FLEET_FORGETTING);
  fleet.classes.set(workloadClass, tally);
  addReward(tally, place, reward);
  return true;
}

/** What a workload of a class may believe of an arm: its class's rewards, shrunk towards all. Undefined where nobody knows. */
export function fleetBelief(fleet: FleetBeliefs, workloadClass: string, arm: string): ArmBelief | undefined {
  const place = fleet.arms.indexOf(arm);
  if (place < 0) return undefined;
  const own = fleet.classes.get(workloadClass);
  const levels = [levelOf(fleet.all, place), ...(own === undefined ? [] : [levelOf(own, place)])];
  return hierarchicalBelief(levels);
}

function levelOf(tally: Tally, arm: number): ArmBelief {
  const sums = sumsOf(tally, arm, { weight: 0, sum: 0, square: 0 });
  return { mean: sums.sum / sums.weight, variance: rewardVariance(sums), weight: sums.weight };
}
