import { ARMS, BASELINE_ARM, type WorkloadClass } from '../../plan/arms/arm.ts';
import type { ArmOutcome } from '../situation.ts';
import {
  clamp,
  clearSums,
  outcomeOf,
  READY,
  ROW,
  WANTED,
  type Replay,
  type ReplayMoment,
} from './replay-state.ts';
import { admit, charge, demandOf, order } from './shadow.ts';

/** A look that comes much later than the last says nothing about the time between: count at most this much. */
const MAX_GAP_MS = 60_000;

/** After so long without a look the arms begin anew with the replicas that are there. */
const SILENCE_MS = 600_000;

/**
 * The time since the last look is charged to every arm, then each decides for the time to come. Returns what the baseline
 * has come to since; undefined when the arms begin anew.
 */
export function observeReplay(replay: Replay, moment: ReplayMoment): ArmOutcome | undefined {
  const { now, inputs } = moment;
  const { workloadClass } = inputs;
  const elapsedMs = now - replay.at;
  if (replay.workloadClass !== workloadClass || !(elapsedMs >= 0 && elapsedMs <= SILENCE_MS)) {
    begin(replay, moment);
    return undefined;
  }
  const before = outcomeOf(replay, baselineOf(workloadClass));
  const seconds = Math.min(elapsedMs, MAX_GAP_MS) / 1000;
  replay.seconds += seconds;
  replay.oracleReplicaSeconds += seconds * clamp(inputs.floor, inputs);
  replay.demand += seconds * demandOf(inputs);
  for (const [index, arm] of ARMS[workloadClass].entries()) {
    charge(replay, index, { seconds, inputs });
    admit(replay, index, now);
    order(replay, { index, arm, moment });
  }
  replay.at = now;
  return difference(before, outcomeOf(replay, baselineOf(workloadClass)));
}

const PLACES = {
  Requests: ARMS.Requests.findIndex(({ id }) => id === BASELINE_ARM.Requests),
  Metrics: ARMS.Metrics.findIndex(({ id }) => id === BASELINE_ARM.Metrics),
};

function baselineOf(workloadClass: WorkloadClass): { readonly index: number; readonly arm: string } {
  return { index: PLACES[workloadClass], arm: BASELINE_ARM[workloadClass] };
}

function difference(from: ArmOutcome, to: ArmOutcome): ArmOutcome {
  return {
    arm: to.arm,
    replicaSeconds: to.replicaSeconds - from.replicaSeconds,
    badRequests: to.badRequests - from.badRequests,
    violatedSeconds: to.violatedSeconds - from.violatedSeconds,
    replicasChanged: to.replicasChanged - from.replicasChanged,
  };
}

function begin(replay: Replay, { now, replicas, inputs }: ReplayMoment): void {
  // What other arms have come to says nothing about these.
  if (replay.workloadClass !== inputs.workloadClass) clearSums(replay);
  replay.workloadClass = inputs.workloadClass;
  replay.at = now;
  const there = clamp(replicas, inputs);
  replay.replicas.fill(0);
  for (let row = 0; row < replay.replicas.length; row += ROW) {
    replay.replicas[row + READY] = there;
    replay.replicas.fill(there, row + WANTED, row + ROW);
  }
}

/** What every arm has come to in the window, and what a clairvoyant would have: replicas in the moment they are needed. */
export interface ReplayedWindow {
  readonly arms: readonly ArmOutcome[];
  readonly oracleReplicaSeconds: number;
  readonly demand: number;
  readonly seconds: number;
}

/** Ends the window: its sums, and zero from here on. The arms' replicas go on. */
export function closeReplay(replay: Replay): ReplayedWindow {
  const { workloadClass, seconds, oracleReplicaSeconds, demand } = replay;
  const arms = workloadClass === undefined ? [] : ARMS[workloadClass];
  const outcomes = arms.map(({ id: arm }, index) => outcomeOf(replay, { arm, index }));
  clearSums(replay);
  return { arms: outcomes, oracleReplicaSeconds, demand, seconds };
}
