import { HASHED_DIMENSIONS, hashStems } from './hashed-vector.ts';
import { spelt } from './spelling.ts';
import { corpusOf, holds, scorePassages, type Corpus } from './postings.ts';
import { stemsOf, termsOf } from './terms.ts';
import type { EmbeddedText } from './text-embedder.ts';
import type { Shelf, ShelvedPassage, TextIndex } from './text-index.ts';
import { cosines, unitVector } from './vector-table.ts';

export interface SearchOptions {
  /** Who asks: finds what is its own and what is for all. */
  readonly namespace: string;
  readonly limit: number;
  /** The query's vector, where an embedder made one in time. */
  readonly embedded?: EmbeddedText | undefined;
  /** Which rankings count; all of them when left out. */
  readonly rankings?: readonly Ranking[];
}

/** By words (BM25), by hashed words and their pieces, by an embedder's vectors. */
export type Ranking = 'Words' | 'Hashed' | 'Embedded';

/** A passage that was found, and why. */
export interface FoundPassage {
  readonly documentId: string;
  /** Of the document, from 0. */
  readonly passage: number;
  readonly headings: readonly string[];
  readonly text: string;
  /** Above 0; compares within one search only. */
  readonly score: number;
  /** Its place in each ranking that it is in, from 1. */
  readonly ranks: Readonly<Partial<Record<Ranking, number>>>;
  /** Terms of the query that it holds, the most telling first; concepts begin with `=`. */
  readonly terms: readonly string[];
}

/**
 * Reciprocal rank fusion (Cormack, Clarke & Büttcher, SIGIR 2009), with their constant: rankings of different kinds have no
 * scores that could be added.
 */
const FUSION = 60;

/** Beyond it a place in a ranking adds nothing to the order of the first few. */
const DEPTH = 50;

/**
 * Hashed vectors find what words do not, and may not outrank words: among thousands of passages some are close by chance (the
 * bench `memory-text` compares).
 */
const WEIGHTS: Readonly<Record<Ranking, number>> = { Words: 1, Hashed: 0.5, Embedded: 1 };

/** Cosines of texts that have nothing in common are round 0 with a deviation of 1/√256: this is nearly five of them. */
const LEAST_HASHED = 0.3;

/** Embedders put any two texts of one language somewhat close to each other. */
const LEAST_EMBEDDED = 0.3;

/** As many words as a paragraph has; more is a document, and a slow query. */
const MOST_WORDS = 64;

/** The passages that match, best first; none is a valid answer. */
export function searchText(index: TextIndex, query: string, options: SearchOptions): readonly FoundPassage[] {
  const { namespace, limit, rankings = ['Words', 'Hashed', 'Embedded'] } = options;
  const shelves = [...new Set(['', namespace])].flatMap((name) => index.shelves.get(name) ?? []);
  const stems = spelt(
    stemsOf(query).slice(0, MOST_WORDS),
    shelves.map(({ postings }) => postings),
  );
  const corpus = corpusOf(
    shelves.map(({ postings }) => postings),
    termsOf(stems).keys(),
  );
  const ranked = new Map<ShelvedPassage, Candidate>();
  const rank = (ranking: Ranking, scoresOf: (shelf: Shelf) => Float64Array, least: number): void => {
    if (!rankings.includes(ranking)) return;
    const first = firstOf(shelves, scoresOf, least);
    first.forEach((candidate, position) => {
      const known = ranked.get(candidate.passage) ?? { ...candidate, score: 0, ranks: {} };
      ranked.set(candidate.passage, {
        ...known,
        score: known.score + WEIGHTS[ranking] / (FUSION + position + 1),
        ranks: { ...known.ranks, [ranking]: position + 1 },
      });
    });
  };
  rank('Words', ({ postings }) => scorePassages(postings, corpus), 0);
  rank('Hashed', hashedScores(stems), LEAST_HASHED);
  rank('Embedded', embeddedScores(options.embedded), LEAST_EMBEDDED);
  return [...ranked.values()]
    .sort(byScore)
    .slice(0, Math.max(0, limit))
    .map((candidate) => found(candidate, corpus));
}

interface Candidate {
  readonly passage: ShelvedPassage;
  readonly shelf: Shelf;
  readonly place: number;
  readonly score: number;
  readonly ranks: Readonly<Partial<Record<Ranking, number>>>;
}

function hashedScores(stems: readonly string[]): (shelf: Shelf) => Float64Array {
  const vector = new Float32Array(HASHED_DIMENSIONS);
  hashStems(stems, vector);
  return ({ hashed, passages }) => cosines(hashed, vector, passages.length);
}

/** Nothing where the vector is of another space than the passages', or no vector at all. */
function embeddedScores(query: EmbeddedText | undefined): (shelf: Shelf) => Float64Array {
  return ({ embedded, passages }) => {
    const table = embedded?.space === query?.space ? embedded?.table : undefined;
    const vector = table && query && unitVector(query.vector, table.dimensions);
    return table === undefined || vector === undefined
      ? new Float64Array(0)
      : cosines(table, vector, passages.length);
  };
}

/** The passages with the highest scores above `least`, best first. */
function firstOf(
  shelves: readonly Shelf[],
  scoresOf: (shelf: Shelf) => Float64Array,
  least: number,
): readonly Candidate[] {
  const candidates = shelves.flatMap((shelf) => {
    const scores = scoresOf(shelf);
    return highest(scores, least).flatMap((place): readonly Candidate[] => {
      const passage = shelf.passages[place];
      return passage === undefined ? [] : [{ passage, shelf, place, score: scores[place] ?? 0, ranks: {} }];
    });
  });
  return candidates.sort(byScore).slice(0, DEPTH);
}

/** Places with at least the score of the one at `DEPTH`, in no order: all of its equals, for their order is the caller's. */
function highest(scores: Float64Array, least: number): readonly number[] {
  const above: number[] = [];
  for (let place = 0; place < scores.length; place += 1) if ((scores[place] ?? 0) > least) above.push(place);
  if (above.length <= DEPTH) return above;
  const sorted = Float64Array.from(above, (place) => scores[place] ?? 0).sort();
  const bound = sorted[sorted.length - DEPTH] ?? 0;
  return above.filter((place) => (scores[place] ?? 0) >= bound);
}

/** By score, then by name: the same documents give the same order in whatever order they came. */
function byScore(a: Candidate, b: Candidate): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.passage.documentId !== b.passage.documentId)
    return a.passage.documentId < b.passage.documentId ? -1 : 1;
  return a.passage.number - b.passage.number;
}

function found({ passage, shelf, place, score, ranks }: Candidate, { idf }: Corpus): FoundPassage {
  const { documentId, number, headings, text } = passage;
  const terms = [...idf.entries()]
    .filter(([term]) => holds(shelf.postings, term, place))
    .sort(([, a], [, b]) => b - a)
    .map(([term]) => term);
  return { documentId, passage: number, headings, text, score, ranks, terms };
}
