import {
  addPosting,
  corpusOf,
  createPostings,
  removePostings,
  scorePassages,
  type Postings,
} from './postings.ts';

const counts = (text: string): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const word of text.split(' ')) found.set(word, (found.get(word) ?? 0) + 1);
  return found;
};

function postingsOf(...texts: readonly string[]): Postings {
  const postings = createPostings();
  texts.forEach((text, place) => addPosting(postings, place, counts(text)));
  return postings;
}

const scores = (postings: Postings, ...terms: readonly string[]): readonly number[] => [
  ...scorePassages(postings, corpusOf([postings], terms)),
];

test('scores are those of the formula', () => {
  // Lengths 3, 1, 4, mean 8/3; `a` is in two of three passages, twice in the last.
  const idf = Math.log(1 + 1.5 / 2.5);
  const term = (count: number, length: number): number =>
    (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / (8 / 3)));
  const found = scores(postingsOf('a b c', 'b', 'a a c d'), 'a');
  expect(found[0]).toBeCloseTo(term(1, 3), 12);
  expect(found[1]).toBe(0);
  expect(found[2]).toBeCloseTo(term(2, 4), 12);
});

test('a rare term tells more than a usual one, and one that is nowhere tells nothing', () => {
  const found = scores(postingsOf('rare', 'usual', 'usual'), 'rare', 'usual', 'unknown');
  expect(found[0]).toBeGreaterThan(found[1]!);
  expect(found[1]).toBeGreaterThan(0);
});

test('what is taken out leaves no trace', () => {
  const postings = postingsOf('a b', 'a a c', 'b c');
  removePostings(postings, new Set([1]), new Set(['a', 'c']));
  const [first, second] = scores(postingsOf('a b', 'b c'), 'a', 'c');
  expect(scores(postings, 'a', 'c')).toEqual([first, 0, second]);
  expect([...postings.byTerm.keys()].toSorted()).toEqual(['a', 'b', 'c']);
  removePostings(postings, new Set([0, 2]), new Set(['a', 'b', 'c']));
  expect(postings).toMatchObject({ byTerm: new Map(), passages: 0, totalLength: 0 });
  expect(scores(postings, 'a')).toEqual([0, 0, 0]);
});
