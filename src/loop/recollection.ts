import type { DecisionMemory } from './execute/decision.ts';
import { SIMILAR_DISTANCE } from './knowledge/recall/kernel.ts';
import type { RecalledSituation } from './knowledge/recall/evidence.ts';
import type { ArmPrior } from './knowledge/recall/arm-priors.ts';
import type { Recall } from './knowledge/recall/recall.ts';
import { deedOf, recallSentence } from './knowledge/recall/recall-text.ts';

/** What memory has answered, in the words in which it is told: made once, for it is shown in every tick until the next. */
export interface Recollection {
  /** Of when it is, ms since the epoch. */
  readonly at: number;
  /** Undefined where nothing is remembered. */
  readonly memory: DecisionMemory | undefined;
  /** By arm: what it came to. Empty where nothing is known. */
  readonly priors: readonly ArmPrior[];
}

/** What was found so long ago is about another situation. */
const STALE_MS = 900_000;

/** Of the neighbours, as many as the status shows. */
const SHOWN_NEIGHBOURS = 5;

/** Of the neighbours, as many as a person reads with a decision. */
const TOLD_NEIGHBOURS = 3;

export function recollect(recall: Recall): Recollection {
  const { knownBy: at, found, priors } = recall;
  return { at, memory: found === 0 ? undefined : memoryOf(recall), priors };
}

/** What is remembered of situations like that of `now`, as it goes into the status; undefined where nothing is. */
export function remembered(recollection: Recollection | undefined, now: number): DecisionMemory | undefined {
  return recent(recollection, now)?.memory;
}

/** What is remembered of each arm, for those who choose among them. */
export function rememberedPriors(
  recollection: Recollection | undefined,
  now: number,
): readonly ArmPrior[] | undefined {
  return recent(recollection, now)?.priors;
}

function recent(recollection: Recollection | undefined, now: number): Recollection | undefined {
  return recollection !== undefined && Math.abs(now - recollection.at) <= STALE_MS ? recollection : undefined;
}

/** The same as it goes with a decision. */
export function rememberedBriefly(
  recollection: Recollection | undefined,
  now: number,
): DecisionMemory | undefined {
  const memory = remembered(recollection, now);
  return memory && { ...memory, neighbours: memory.neighbours.slice(0, TOLD_NEIGHBOURS) };
}

function memoryOf(recall: Recall): DecisionMemory {
  const { similar, confidence, priors } = recall;
  const best = priors.reduce<Recall['priors'][number] | undefined>(
    (least, one) => (least === undefined || one.mean < least.mean ? one : least),
    undefined,
  );
  // Far ones say something about arms, for those who choose them, and nothing that a person should read as evidence.
  const band = similar.judged + similar.unjudged === 0 ? 'None' : confidence.band;
  return {
    similar: similar.judged,
    succeeded: similar.succeeded,
    confidence: band,
    ...(best === undefined || band === 'None' ? {} : { bestArm: best.arm }),
    message: sentence(recallSentence(recall)),
    neighbours: recall.neighbours.slice(0, SHOWN_NEIGHBOURS).map(neighbourOf),
  };
}

function neighbourOf(neighbour: RecalledSituation): DecisionMemory['neighbours'][number] {
  const { at, policy, workload, distance, action, succeeded } = neighbour;
  return {
    at,
    policy: `${policy.namespace}/${policy.name}`,
    workload: `${workload.kind}/${workload.name}`,
    similarity: 1 / (1 + (distance / SIMILAR_DISTANCE) ** 2),
    from: action.from,
    to: action.to,
    result: succeeded === null ? 'Unknown' : succeeded ? 'Succeeded' : 'Failed',
    message: sentence(deedOf(neighbour)),
  };
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
