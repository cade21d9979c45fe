import { misspelt, runbookHits, runbookIndex } from '../test/support/runbook-search.ts';
import { RUNBOOKS } from '../test/support/runbooks.ts';
import { searchText, type Ranking } from '../src/loop/knowledge/text/search.ts';
import { createTextIndex, putDocument, type TextIndex } from '../src/loop/knowledge/text/text-index.ts';
import { seededRandom, type Random } from '../src/simulate/random.ts';
import { median, quantile, short } from './statistics.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const METHODS: readonly { readonly name: string; readonly rankings: readonly Ranking[] }[] = [
  { name: 'BM25', rankings: ['Words'] },
  { name: 'hashed', rankings: ['Hashed'] },
  { name: 'fused', rankings: ['Words', 'Hashed'] },
];

const PASSAGES = [1000, 10_000] as const;
const PASSAGE_WORDS = 80;
const DOCUMENT_PASSAGES = 10;
const QUERIES = Object.values(RUNBOOKS).flatMap(({ queries }) => queries);
const ROUNDS = 10;

/** How well runbooks are found by text, and how fast. */
export const memoryTextSuite: Suite = {
  name: 'memory-text',
  title: 'Runbooks by text: hit rate, speed',
  run: ({ seed, progress }): Findings => {
    const timed = PASSAGES.map((passages) => {
      progress(`${passages} passages`);
      const built = crowdedIndex(passages, seededRandom(seed));
      return { passages, ...built, ...times(built.index) };
    });
    const crowded = timed.at(-1)?.index ?? createTextIndex();
    return {
      figures: [...timed.flatMap(speedFigures), ...hitFigures()],
      tables: [
        hitTable('Runbooks found', runbookIndex()),
        hitTable('Runbooks found among 10,000 other passages', crowded),
        speedTable(timed),
      ],
      notes: [
        `Twelve runbooks and ${QUERIES.length} paraphrased questions and alert texts, written for this: they compare the methods, and say little about other people's runbooks.`,
        'Another seed of the hashes moves the fused figures by two questions of 36.',
        'Misspelt: of every word of six letters and more the middle one is left out.',
        'The other passages are 80 words each, half of them drawn from the runbooks, half from 5,000 invented ones by Zipf.',
      ],
    };
  },
};

interface Timed {
  readonly passages: number;
  readonly index: TextIndex;
  readonly putMs: number;
  readonly byMethod: readonly { readonly name: string; readonly ms: readonly number[] }[];
}

/** The runbooks, and so many passages of documents that are about nothing. */
function crowdedIndex(passages: number, random: Random): { index: TextIndex; putMs: number } {
  const index = createTextIndex({ maxDocuments: 10_000, maxPassages: 100_000, maxBytes: 2 ** 30 });
  const words = [...new Set(Object.values(RUNBOOKS).flatMap(({ text }) => text.match(/[a-z]{3,}/gi) ?? []))];
  const word = (): string =>
    random() < 0.5
      ? (words[Math.floor(random() * words.length)] ?? '')
      : `w${Math.floor(5000 ** random()).toString(36)}`;
  for (const [id, { title, text }] of Object.entries(RUNBOOKS)) {
    putDocument(index, { id, namespace: null, title, text });
  }
  let putMs = 0;
  for (let document = 0; document < passages / DOCUMENT_PASSAGES; document += 1) {
    const sections = Array.from({ length: DOCUMENT_PASSAGES }, (_, section) => {
      const body = Array.from({ length: PASSAGE_WORDS }, word).join(' ');
      return `## Part ${section}\n${body}`;
    });
    const text = sections.join('\n');
    const from = performance.now();
    putDocument(index, { id: `other-${document}`, namespace: null, title: `${word()} ${word()}`, text });
    putMs += performance.now() - from;
  }
  return { index, putMs };
}

function times(index: TextIndex): Pick<Timed, 'byMethod'> {
  const byMethod = METHODS.map(({ name, rankings }) => {
    const ms: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const query of QUERIES) {
        const from = performance.now();
        searchText(index, query, { namespace: 'shop', limit: 5, rankings });
        // The first round compiles.
        if (round > 0) ms.push(performance.now() - from);
      }
    }
    return { name, ms };
  });
  return { byMethod };
}

function speedFigures({ passages, byMethod }: Timed): readonly Figure[] {
  const fused = byMethod.find(({ name }) => name === 'fused')?.ms ?? [];
  const from = `${fused.length} queries`;
  const name = `text query at ${passages.toLocaleString('en')} passages`;
  return [
    { name: `${name}, median`, value: Number(short(median(fused))), unit: 'ms', from },
    {
      name: `${name}, p99`,
      value: Number(short(quantile(fused, 0.99))),
      unit: 'ms',
      goal: { atMost: 20 },
      from,
    },
  ];
}

function hitFigures(): readonly Figure[] {
  const index = runbookIndex();
  return METHODS.map(({ name, rankings }) => {
    const { queries, first } = runbookHits(index, { rankings });
    return {
      name: `right runbook first, ${name}`,
      value: Math.round((100 * first) / queries),
      unit: '%',
      from: `${queries} questions about 12 runbooks`,
    };
  });
}

function hitTable(title: string, index: TextIndex): Table {
  return {
    title,
    columns: ['Method', 'first', 'among three', 'misspelt: first', 'misspelt: among three'],
    rows: METHODS.map(({ name, rankings }) => {
      const straight = runbookHits(index, { rankings });
      const hurried = runbookHits(index, { rankings, written: misspelt });
      const of = (hits: number): string => `${hits} of ${straight.queries}`;
      return [name, of(straight.first), of(straight.amongThree), of(hurried.first), of(hurried.amongThree)];
    }),
  };
}

function speedTable(timed: readonly Timed[]): Table {
  return {
    title: 'Speed',
    columns: ['Passages', 'put a passage', ...METHODS.map(({ name }) => `${name}: median, p99`)],
    rows: timed.map(({ passages, putMs, byMethod }) => [
      passages.toLocaleString('en'),
      `${short(putMs / passages)} ms`,
      ...byMethod.map(({ ms }) => `${short(median(ms))}, ${short(quantile(ms, 0.99))} ms`),
    ]),
  };
}
