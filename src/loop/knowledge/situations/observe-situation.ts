import type { ArmInputs } from '../../plan/arms/arm-inputs.ts';
import type { WorkloadClass } from '../../plan/arms/arm.ts';
import type { ObjectiveTerms } from '../../monitor/objective.ts';
import { closeReplay, observeReplay } from '../replay/replay.ts';
import { attribute, type AttributedOutcome } from '../reward/decision-attribution.ts';
import { observeMoment, type OutcomeMoment } from '../reward/outcome-slice.ts';
import { successOf } from '../reward/reward.ts';
import { addSlice, closeTally, openTally } from '../reward/outcome-tally.ts';
import { EMBEDDING_VERSION, type Situation, type WindowChoice } from '../situation.ts';
import type { OpenSituation, SituationMemory } from './situation-memory.ts';
import { windowEnd } from './window-grid.ts';

/** What a situation looks like when its window begins, and by which arm the workload is scaled in it. */
export interface Appearance {
  readonly embedding: Float32Array;
  readonly summary: string;
  readonly arm: string;
  /** Undefined where nothing is selected. */
  readonly choice?: WindowChoice | undefined;
}

/** A window that begins, after another one where there was one. */
export interface Opening {
  readonly id: string;
  /** Of the window before, if it says something. */
  readonly ended: Situation | undefined;
}

/** What a tick knows of the workload. */
export interface SituationMoment {
  readonly policy: Situation['policy'];
  readonly workload: Situation['workload'];
  readonly workloadClass: WorkloadClass;
  /** What the policy promises; undefined where it promises nothing. */
  readonly terms: ObjectiveTerms | undefined;
  readonly moment: OutcomeMoment;
  readonly startupSeconds: number;
  /** Length of a window. */
  readonly windowMs: number;
  /** What every arm decides by; undefined while a source of demand is silent. */
  readonly inputs: ArmInputs | undefined;
  /** Asked for when a window opens. */
  readonly appearance: (opening: Opening) => Appearance;
}

/** Of a shorter part nothing can be said: of half an hour, a start-up and five minutes for the objective to answer. */
const SHORTEST_PART = 1 / 3;

/** Below this share of the window the arms were not replayed for long enough to be compared. */
const LEAST_REPLAYED_SHARE = 0.8;

/** What is over. */
export interface Ended {
  /** The window of the workload, if it says something. */
  readonly situation: Situation | undefined;
  /** Decisions whose own windows are over, with what is put down to them. */
  readonly attributed: readonly AttributedOutcome[];
}

/** One moment enters the windows that are open. */
export function observeSituation(memory: SituationMemory, seen: SituationMoment): Ended {
  const { moment, inputs, startupSeconds } = seen;
  const { now, replicas } = moment;
  const baseline = inputs && observeReplay(memory.replay, { now, replicas, startupSeconds, inputs });
  const slice = observeMoment(memory.meter, moment, baseline ?? null);
  const attributed = slice === undefined ? [] : attribute(memory.attribution, slice);
  const { open } = memory;
  if (open !== undefined && slice !== undefined) {
    addSlice(open.tally, slice);
    open.peak = Math.max(open.peak, replicas);
  }
  if (open !== undefined && now >= open.began.at && now < open.until && isSame(open, seen)) {
    return { situation: undefined, attributed };
  }
  const situation = open === undefined ? undefined : closeWindow(memory, open, seen);
  memory.open = openWindow(seen, situation);
  return { situation, attributed };
}

/** Another target, or another way to find its replicas, begins another window. */
function isSame({ began }: OpenSituation, { policy, workload, workloadClass }: SituationMoment): boolean {
  return (
    began.policy.uid === policy.uid &&
    began.workload.uid === workload.uid &&
    began.workloadClass === workloadClass
  );
}

function openWindow(
  { policy, workload, workloadClass, moment: { now, replicas }, windowMs, appearance }: SituationMoment,
  ended: Situation | undefined,
): OpenSituation {
  const id = `${policy.uid}/${now}`;
  const { embedding, summary, arm, choice } = appearance({ id, ended });
  return {
    began: {
      id,
      at: now,
      policy,
      workload,
      workloadClass,
      embeddingVersion: EMBEDDING_VERSION,
      embedding,
      summary,
      from: replicas,
      arm,
      choice,
    },
    until: windowEnd(policy.uid, now, windowMs),
    peak: replicas,
    tally: openTally(),
  };
}

function closeWindow(
  { replay }: SituationMemory,
  { began, peak, tally }: OpenSituation,
  { terms, windowMs, moment: { now, replicas: to } }: SituationMoment,
): Situation | undefined {
  const replayed = closeReplay(replay);
  if (now - began.at < SHORTEST_PART * windowMs) return undefined;
  const { from, arm, choice, ...what } = began;
  const { outcome, censored, baseline } = closeTally(tally);
  const enough = replayed.seconds >= (LEAST_REPLAYED_SHARE * (now - began.at)) / 1000;
  return {
    ...what,
    action: { from, to, peak, arm },
    ...(choice === undefined ? {} : { choice }),
    arms: enough ? replayed.arms : [],
    oracleReplicaSeconds: enough ? replayed.oracleReplicaSeconds : 0,
    demand: enough ? replayed.demand : 0,
    outcome,
    censored,
    succeeded: successOf({ outcome, censored, baseline, terms }) ?? null,
  };
}
