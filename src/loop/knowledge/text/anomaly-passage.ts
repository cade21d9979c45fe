import type { Anomaly, AnomalyKind } from '../../analyze/anomaly/anomaly.ts';
import { anomalyQuery, signalWords } from './anomaly-query.ts';
import { searchText, type FoundPassage } from './search.ts';
import { stemsOf, termsOf } from './terms.ts';
import type { EmbeddedText } from './text-embedder.ts';
import type { TextIndex } from './text-index.ts';

/** What is wrong is how it is measured: what runbooks say of the signal itself is no help. */
const OF_MEASURING: ReadonlySet<AnomalyKind> = new Set(['Missing', 'FlatLine']);

/** What is looked at of what was found: further down it is about something else. */
const LOOKED_AT = 5;

export interface PassageQuestion {
  readonly namespace: string;
  readonly anomaly: Pick<Anomaly, 'kind' | 'signal' | 'message' | 'actual' | 'expected'>;
  /** Of `anomalyQuery`, where an embedder made it. */
  readonly embedded?: EmbeddedText | undefined;
}

/**
 * The passage that fits an open anomaly best; undefined when none is about it. Scores compare within one search only, and
 * any text has some word of the question: a second reason is wanted besides the words that it shares.
 */
export function passageFor(
  index: TextIndex,
  { namespace, anomaly, embedded }: PassageQuestion,
): FoundPassage | undefined {
  const found = searchText(index, anomalyQuery(anomaly), { namespace, limit: LOOKED_AT, embedded });
  const { kind, signal } = anomaly;
  const subject = termsOf(stemsOf(OF_MEASURING.has(kind) ? '' : signalWords(signal)));
  const about = found.filter((passage) => isAbout(passage, subject));
  return about.find((passage) => isUnder(passage, subject)) ?? about[0];
}

type Terms = ReadonlyMap<string, number>;

/** It is close as a whole, or stands under a heading that names the signal, or an embedder and the words agree on it. */
function isAbout(passage: FoundPassage, subject: Terms): boolean {
  const { ranks, terms } = passage;
  if (ranks.Words === undefined) return false;
  if (ranks.Hashed !== undefined || isUnder(passage, subject)) return true;
  return (ranks.Embedded ?? Infinity) <= LOOKED_AT && terms.some((term) => subject.has(term));
}

/** A heading says what was written for what: the best sign there is among passages that are about equally close. */
function isUnder({ headings }: FoundPassage, subject: Terms): boolean {
  return [...termsOf(stemsOf(headings.join('\n'))).keys()].some((term) => subject.has(term));
}
