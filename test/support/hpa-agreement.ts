import type { PodView } from '../../src/loop/monitor/observation.ts';
import type { HpaSync } from './hpa-syncs.ts';
import type { Rival, RivalInput } from './hpa-rivals.ts';

/** Why the rival decided otherwise, as far as another input makes it decide the same. */
export type Explanation =
  /** With the pods of a moment before or after: the HPA reads its own copy, which is as old as its watch. */
  | 'pods of another moment'
  /** With the replicas that the Deployment's status had: what the HPA compares External metrics with. */
  | 'status.replicas behind spec.replicas'
  /**
   * With the clock of its answer, or one that is behind by the time of an earlier write: the HPA dates a change by the
   * end of its write.
   */
  | 'edge of a window'
  /**
   * With the pods that exist in place of the replicas that were ordered: the HPA multiplies them with its ratio, so that
   * it lowers the order of a workload above its target that cannot get all its pods; the rival never does.
   */
  | 'fewer pods than replicas'
  | 'none found';

export interface Difference {
  readonly sync: HpaSync;
  readonly rival: number;
  readonly explanation: Explanation;
}

export interface Agreement {
  readonly decisions: number;
  readonly equal: number;
  /** Decisions by which the real HPA, the rival or both would change the replicas. */
  readonly changes: number;
  readonly equalChanges: number;
  readonly differences: readonly Difference[];
}

export interface ReplayOptions {
  readonly syncs: readonly HpaSync[];
  /** A new rival without a past. */
  readonly rival: () => Rival;
  /** The pods at a time, and all that there were between two. */
  readonly podsAt: (at: number) => readonly PodView[];
  readonly podsBetween: (from: number, to: number) => readonly (readonly PodView[])[];
}

interface Step {
  readonly input: RivalInput;
  readonly refused: boolean;
}

/**
 * Puts before the rival what the real HPA saw, sync by sync, and compares what they decide. Where they differ, other
 * inputs that the HPA may have had are tried; if one makes the two agree the rival goes on from there, if none does it
 * is told what the HPA did instead: that counts against its rates from then on.
 */
export function replay(options: ReplayOptions): Agreement {
  const steps: Step[] = [];
  const differences: Difference[] = [];
  let rival = options.rival();
  let changes = 0;
  let equalChanges = 0;
  for (const sync of options.syncs) {
    const input = { sync, pods: options.podsAt(sync.at) };
    const decided = rival.decide(input);
    const equal = decided === sync.decided;
    const changing = decided !== sync.current || sync.decided !== sync.current;
    if (changing) changes += 1;
    if (equal) {
      if (changing) equalChanges += 1;
      steps.push({ input, refused: false });
      continue;
    }
    const other = explain(options, steps, sync);
    differences.push({ sync, rival: decided, explanation: other?.explanation ?? 'none found' });
    steps.push(other === undefined ? { input, refused: true } : { input: other.input, refused: false });
    rival = rivalAfter(options, steps);
  }
  const decisions = options.syncs.length;
  return { decisions, equal: decisions - differences.length, changes, equalChanges, differences };
}

interface Other {
  readonly explanation: Explanation;
  readonly input: RivalInput;
}

function explain(options: ReplayOptions, steps: readonly Step[], sync: HpaSync): Other | undefined {
  return others(options, steps, sync).find(({ input }) => {
    // A decision moves the rival's memory, so each trial needs one of its own.
    return rivalAfter(options, steps).decide(input) === sync.decided;
  });
}

/** So many writes back their time is tried: no rate policy of the cases is longer than their time. */
const WRITES_BACK = 4;
/** From the end of a write at the server until the HPA, on a busy machine, has noted it. */
const CLIENT_MS = 100;
/** How far the HPA's copy of the pods may be from ours. */
const WATCH_LAG_MS = 500;

function others({ podsAt, podsBetween }: ReplayOptions, steps: readonly Step[], sync: HpaSync): Other[] {
  const pods = podsAt(sync.at);
  const writes = steps.map(({ input }) => input.sync.writeMs).filter((ms) => ms > 0);
  const clocks = writes.slice(-WRITES_BACK).map((ms) => sync.at - ms - CLIENT_MS);
  const behind = [sync.metrics?.at ?? sync.at, ...clocks].map((at): Other => {
    return { explanation: 'edge of a window', input: { sync: { ...sync, at }, pods } };
  });
  const status: Other = {
    explanation: 'status.replicas behind spec.replicas',
    input: { sync, pods, comparedReplicas: sync.statusReplicas },
  };
  const living = pods.filter(({ deleting }) => !deleting).length;
  const existing: Other = {
    explanation: 'fewer pods than replicas',
    input: { sync, pods, comparedReplicas: living },
  };
  // It reads the pods after its metrics were answered, and before it writes.
  const asked = Math.min(sync.metrics?.at ?? sync.at, sync.at);
  const seen = podsBetween(asked - WATCH_LAG_MS, sync.at + WATCH_LAG_MS).map((around): Other => {
    return { explanation: 'pods of another moment', input: { sync, pods: around } };
  });
  const external = sync.metrics?.total !== undefined;
  return [...seen, ...(external ? [status] : []), ...(living < sync.current ? [existing] : []), ...behind];
}

function rivalAfter({ rival }: ReplayOptions, steps: readonly Step[]): Rival {
  const again = rival();
  for (const { input, refused } of steps) {
    again.decide(input);
    if (refused) again.overruled(input.sync.decided);
  }
  return again;
}
