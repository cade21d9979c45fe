import type { Postings } from './postings.ts';
import { isStopWord } from './words.ts';

/** In shorter words one letter makes another word: `node` and `code`. */
const SHORTEST = 5;

/**
 * Stems with those that no passage holds replaced by one that is a letter away: left out, added, wrong, or two exchanged
 * (Damerau, CACM 7, 1964: four of five misspellings), behind the same first letter. Of several the one in most passages.
 */
export function spelt(stems: readonly string[], all: readonly Pick<Postings, 'byTerm'>[]): readonly string[] {
  return stems.map((stem) => {
    const known = stem.length < SHORTEST || /\p{N}/u.test(stem) || isStopWord(stem);
    return known || all.some(({ byTerm }) => byTerm.has(stem)) ? stem : nearest(stem, all);
  });
}

function nearest(stem: string, all: readonly Pick<Postings, 'byTerm'>[]): string {
  let best = stem;
  let most = 0;
  for (const { byTerm } of all) {
    for (const [known, { length }] of byTerm) {
      if (known.length < SHORTEST || !known.startsWith(stem.charAt(0)) || !oneLetterApart(known, stem))
        continue;
      if (length > most || (length === most && known < best)) [best, most] = [known, length];
    }
  }
  return best;
}

/** For two different words. */
export function oneLetterApart(a: string, b: string): boolean {
  if (a.length < b.length) return oneLetterApart(b, a);
  if (a.length - b.length > 1) return false;
  let at = 0;
  while (at < b.length && a[at] === b[at]) at += 1;
  if (a.length > b.length) return a.slice(at + 1) === b.slice(at);
  if (a.slice(at + 1) === b.slice(at + 1)) return true;
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}
