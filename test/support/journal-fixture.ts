import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Journal, type JournalOptions } from '../../src/adapters/journal/journal.ts';
import type { JournalRecord } from '../../src/loop/execute/journal-record.ts';

export interface JournalFixture {
  /** Of the test that runs: a new one for each. */
  readonly directory: string;
  /** A journal that is closed after the test. */
  readonly openJournal: (options?: Partial<JournalOptions>) => Promise<Journal>;
  /** Opens, appends, closes: one life of the operator. */
  readonly life: (records: readonly JournalRecord[], options?: Partial<JournalOptions>) => Promise<void>;
}

/** Journals for the tests of a file, in a directory that goes with the test. */
export function journalFixture(): JournalFixture {
  let directory = '';
  let opened: Journal[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'journal-'));
    opened = [];
  });

  afterEach(async () => {
    for (const journal of opened) await journal.close();
    await rm(directory, { recursive: true });
  });

  const openJournal = async (options: Partial<JournalOptions> = {}): Promise<Journal> => {
    const journal = await Journal.open({ directory, ...options });
    opened.push(journal);
    return journal;
  };

  const life: JournalFixture['life'] = async (records, options) => {
    const journal = await openJournal(options);
    for (const record of records) await journal.append(record);
    await journal.close();
  };

  return {
    get directory() {
      return directory;
    },
    openJournal,
    life,
  };
}

/** Everything that is in it. */
export async function contents(journal: Journal): Promise<JournalRecord[]> {
  const records: JournalRecord[] = [];
  for await (const { record } of journal.records()) records.push(record);
  return records;
}
