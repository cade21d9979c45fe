import type { DecisionMemory } from './execute/decision.ts';
import { SIMILAR_DISTANCE } from './knowledge/recall/kernel.ts';
import type { RecalledSituation } from './knowledge/recall/evidence.ts';
import type { Recall } from './knowledge/recall/recall.ts';
import { deedOf, recallSentence } from './knowledge/recall/recall-text.ts';

/** What was found so long ago is about another situation. */
const STALE_MS = 900_000;

/** What memory says, as it goes with a decision and into the status; undefined while nothing like it is remembered. */
export function recollection(
  recall: Recall | undefined,
  now: number,
  neighbours: number,
): DecisionMemory | undefined {
  if (recall === undefined || recall.found === 0 || Math.abs(now - recall.knownBy) > STALE_MS)
    return undefined;
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
    neighbours: recall.neighbours.slice(0, neighbours).map(neighbourOf),
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
