import {
  recallQueryFixture,
  situationFixture,
  WINDOW_MS,
  WINDOW_START,
} from '../../../test/support/situation-fixture.ts';
import { situationRow } from '../../adapters/lancedb/memory-rows.ts';
import { SituationColumnsBuilder, type SituationColumns } from '../../adapters/lancedb/situation-columns.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import type { Situation } from '../../loop/knowledge/situation.ts';
import { SituationIndex } from './situation-index.ts';

/** The n-th window of the policy `shop/web`. */
const window = (n: number, change: Parameters<typeof situationFixture>[0] = {}): Situation =>
  situationFixture({ at: WINDOW_START + n * WINDOW_MS, ...change });

function columnsOf(situations: readonly Situation[]): SituationColumns {
  const builder = new SituationColumnsBuilder(situations.length);
  // As the store gives them: newest first.
  for (const situation of situations.toReversed()) builder.add(situationRow(situation));
  return builder.columns();
}

interface Around {
  stored: readonly Situation[] | Error;
  journaled: readonly JournalRecord[] | Error;
  searchMs: number;
  consenting: ReadonlySet<string>;
  readonly problems: string[];
  readonly recalls: number[];
}

function indexOf(change: Partial<Around> = {}): { index: SituationIndex; around: Around } {
  const around: Around = {
    stored: [],
    journaled: [],
    searchMs: 1,
    consenting: new Set(),
    problems: [],
    recalls: [],
    ...change,
  };
  let clock = 0;
  const index = new SituationIndex({
    capacity: 100,
    store: {
      situations: () =>
        around.stored instanceof Error
          ? Promise.reject(around.stored)
          : Promise.resolve(columnsOf(around.stored)),
    },
    journal: {
      async *records() {
        await Promise.resolve();
        if (around.journaled instanceof Error) throw around.journaled;
        for (const record of around.journaled) yield { record };
      },
    },
    consenting: () => around.consenting,
    monotonic: () => (clock += around.searchMs),
    onRecall: (_, found) => around.recalls.push(found),
    onProblem: (problem) => around.problems.push(problem),
  });
  return { index, around };
}

const asked = recallQueryFixture({ knownBy: WINDOW_START + 1000 * WINDOW_MS });

describe('past situations in memory', () => {
  test('are those of the store, and those that only the journal has yet, each once', async () => {
    const journaled = [window(2), window(3)].map(
      (one) => JSON.parse(JSON.stringify(situationRecord(one))) as JournalRecord,
    );
    const { index, around } = indexOf({ stored: [window(0), window(1), window(2)], journaled });
    await index.load();
    expect(index.size).toBe(4);
    expect(
      index
        .recall(asked)
        ?.neighbours.map(({ at }) => (at - WINDOW_START) / WINDOW_MS)
        .sort(),
    ).toEqual([0, 1, 2, 3]);
    expect(around.recalls).toEqual([4]);
    expect(around.problems).toEqual([]);
  });

  test.each([
    [
      'a store that cannot be read',
      { stored: new Error('away'), journaled: [situationRecord(window(0))] },
      1,
    ],
    ['a journal that cannot be read', { stored: [window(0), window(1)], journaled: new Error('torn') }, 2],
  ])('%s costs what only it had, and is told of', async (_, change, left) => {
    const { index, around } = indexOf(change);
    await index.load();
    expect(index.size).toBe(left);
    expect(around.problems).toHaveLength(1);
  });

  test('a situation that cannot be compared is told of by its id, and left out', () => {
    const { index, around } = indexOf();
    index.remember(window(0, { embedding: new Float32Array(3) }));
    expect(index.size).toBe(0);
    expect(around.problems[0]).toContain(window(0).id);
  });

  test('of a policy are forgotten when they are to be', () => {
    const { index } = indexOf();
    index.remember(window(0));
    index.remember(window(0, { policyUid: 'uid-api' }));
    index.forget('uid-web');
    expect(index.recall(asked)?.neighbours.map(({ policy }) => policy.name)).toEqual(['policy-of-uid-api']);
  });

  test('of another namespace are found while its policy shares them, and not any more', () => {
    const { index, around } = indexOf({ consenting: new Set(['uid-bank']) });
    index.remember(window(0, { policyUid: 'uid-bank', namespace: 'bank' }));
    expect(index.recall(asked)?.found).toBe(1);
    around.consenting = new Set();
    expect(index.recall(asked)?.found).toBe(0);
  });

  test('a search that took too long is no answer, and none is begun for a minute', () => {
    const { index, around } = indexOf({ searchMs: 25 });
    index.remember(window(0));
    expect(index.recall(asked)).toBeUndefined();
    expect(around.problems).toHaveLength(1);
    around.searchMs = 1;
    expect(index.recall(asked)).toBeUndefined();
    expect(around.recalls).toHaveLength(1);
    around.searchMs = 60_000;
    index.recall(asked);
    around.searchMs = 1;
    expect(index.recall(asked)?.found).toBe(1);
  });
});
