import { MOST_COUNTED } from './terms.ts';

/** Which passages hold a term, and how often: an inverted index. A passage is known by its place. Plain data. */
export interface Postings {
  /** By term: `place × 256 + count`, in no order. */
  readonly byTerm: Map<string, number[]>;
  /** Number of terms of the passage at each place, counted as often as they are there; 0 where there is none. */
  readonly lengths: number[];
  passages: number;
  totalLength: number;
}

const COUNTS = MOST_COUNTED + 1;

/**
 * Robertson & Zaragoza, "The probabilistic relevance framework: BM25 and beyond" (2009): usual values. `K1`: how soon a term
 * that is repeated counts no more; `B`: how far a long passage is discounted.
 */
const K1 = 1.2;
const B = 0.75;

export function createPostings(): Postings {
  return { byTerm: new Map(), lengths: [], passages: 0, totalLength: 0 };
}

export function addPosting(postings: Postings, place: number, terms: ReadonlyMap<string, number>): void {
  let length = 0;
  for (const [term, count] of terms) {
    length += count;
    const entry = place * COUNTS + count;
    const entries = postings.byTerm.get(term);
    if (entries === undefined) postings.byTerm.set(term, [entry]);
    else entries.push(entry);
  }
  postings.lengths[place] = length;
  postings.totalLength += length;
  postings.passages += 1;
}

/** Takes the passages at these places out. `terms` are all of theirs. */
export function removePostings(
  postings: Postings,
  places: ReadonlySet<number>,
  terms: ReadonlySet<string>,
): void {
  const isTakenOut = new Uint8Array(postings.lengths.length);
  for (const place of places) isTakenOut[place] = 1;
  for (const term of terms) {
    const entries = postings.byTerm.get(term) ?? [];
    let left = 0;
    for (const entry of entries) {
      if (isTakenOut[Math.floor(entry / COUNTS)] === 1) continue;
      entries[left] = entry;
      left += 1;
    }
    entries.length = left;
    if (left === 0) postings.byTerm.delete(term);
  }
  for (const place of places) {
    postings.totalLength -= postings.lengths[place] ?? 0;
    postings.lengths[place] = 0;
    postings.passages -= 1;
  }
}

/** What is searched together. */
export interface Corpus {
  /** Terms in a passage, on average. */
  readonly meanLength: number;
  /** How much each term of a query tells; a term that is nowhere is not there. */
  readonly idf: ReadonlyMap<string, number>;
}

/** @param terms of the query */
export function corpusOf(all: readonly Postings[], terms: Iterable<string>): Corpus {
  let passages = 0;
  let length = 0;
  for (const postings of all) {
    passages += postings.passages;
    length += postings.totalLength;
  }
  const idf = new Map<string, number>();
  for (const term of terms) {
    let holding = 0;
    for (const { byTerm } of all) holding += byTerm.get(term)?.length ?? 0;
    // Lucene's form, which is never negative.
    if (holding > 0) idf.set(term, Math.log(1 + (passages - holding + 0.5) / (holding + 0.5)));
  }
  return { meanLength: passages === 0 ? 0 : length / passages, idf };
}

/** BM25 by place; 0 where no term of the query is. */
export function scorePassages(postings: Postings, { idf, meanLength }: Corpus): Float64Array {
  const scores = new Float64Array(postings.lengths.length);
  for (const [term, weight] of idf) {
    for (const entry of postings.byTerm.get(term) ?? []) {
      const place = Math.floor(entry / COUNTS);
      const count = entry % COUNTS;
      const length = postings.lengths[place] ?? 0;
      const saturation = K1 * (1 - B + (B * length) / meanLength);
      scores[place] = (scores[place] ?? 0) + (weight * count * (K1 + 1)) / (count + saturation);
    }
  }
  return scores;
}

/** Does the passage at a place hold the term? */
export function holds({ byTerm }: Postings, term: string, place: number): boolean {
  return (byTerm.get(term) ?? []).some((entry) => Math.floor(entry / COUNTS) === place);
}
