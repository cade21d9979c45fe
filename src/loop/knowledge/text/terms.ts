import { conceptsOf } from './synonyms.ts';
import { isStopWord, stemOf, wordsOf } from './words.ts';

/** More often in one passage says nothing more: BM25 is nearly flat there, and a count fits into eight bits. */
export const MOST_COUNTED = 255;

/** The stems of a text, in order. */
export function stemsOf(text: string): readonly string[] {
  return wordsOf(text).map(stemOf);
}

/** The terms that BM25 counts, with how often each is there: stems, and the concepts that they name. */
export function termsOf(stems: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of [...stems.filter((stem) => !isStopWord(stem)), ...conceptsOf(stems)]) {
    counts.set(term, Math.min(MOST_COUNTED, (counts.get(term) ?? 0) + 1));
  }
  return counts;
}
