import { searchText, type Ranking } from '../../src/loop/knowledge/text/search.ts';
import { createTextIndex, putDocument, type TextIndex } from '../../src/loop/knowledge/text/text-index.ts';
import { RUNBOOKS, runbookDocument } from './runbooks.ts';

export function runbookIndex(): TextIndex {
  const index = createTextIndex();
  for (const id of Object.keys(RUNBOOKS)) putDocument(index, runbookDocument(id));
  return index;
}

export interface HitRate {
  readonly queries: number;
  /** Queries of which the first passage is one of the right runbook. */
  readonly first: number;
  /** Queries with a passage of the right runbook among the first three. */
  readonly amongThree: number;
  readonly missed: readonly string[];
}

/** A query in a hurry: of every word of six letters and more the middle one is left out. */
export function misspelt(query: string): string {
  return query.replace(/[a-z]{6,}/gi, (word) => {
    const middle = Math.floor(word.length / 2);
    return word.slice(0, middle) + word.slice(middle + 1);
  });
}

interface Asking {
  readonly rankings?: readonly Ranking[];
  readonly written?: (query: string) => string;
}

/** How often a runbook is found by the questions that it answers. */
export function runbookHits(
  index: TextIndex,
  { rankings, written = (query) => query }: Asking = {},
): HitRate {
  const asked = Object.entries(RUNBOOKS).flatMap(([id, { queries }]) =>
    queries.map((query) => {
      const options = { namespace: 'shop', limit: 3, ...(rankings && { rankings }) };
      const found = searchText(index, written(query), options).map(({ documentId }) => documentId);
      return { query, rank: found.indexOf(id) };
    }),
  );
  return {
    queries: asked.length,
    first: asked.filter(({ rank }) => rank === 0).length,
    amongThree: asked.filter(({ rank }) => rank >= 0).length,
    missed: asked.filter(({ rank }) => rank !== 0).map(({ query }) => query),
  };
}
