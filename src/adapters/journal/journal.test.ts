import { appendFile, open, readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { contents, journalFixture } from '../../../test/support/journal-fixture.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { Journal } from './journal.ts';
import { createFile, listSegments, segmentPath, type SegmentFile } from './segment.ts';

const journals = journalFixture();
const { openJournal, life } = journals;

const intents = (...ids: string[]): JournalRecord[] => ids.map((id) => intentFixture(id));

/** Each record in a segment of its own. */
const TINY = { segmentBytes: 1 };

describe('a journal that is opened again', () => {
  test('has the same records in the same order, and knows what is open', async () => {
    const written: JournalRecord[] = [
      ...intents('d1', 'd2', 'd3'),
      { kind: 'Applied', decisionId: 'd2', at: 5 },
      { kind: 'Aborted', decisionId: 'd1', at: 6, reason: 'TargetChanged', message: 'replicas are 7 now' },
    ];
    await life(written.slice(0, 2));
    await life(written.slice(2));
    const journal = await openJournal();
    expect(await contents(journal)).toEqual(written);
    expect(journal.openIntents().map((open) => [open.intent.decisionId, open.appliedAt])).toEqual([
      ['d2', 5],
      ['d3', undefined],
    ]);
    expect(journal.recovery).toEqual({ damaged: false, problems: [], truncatedBytes: 0 });
  });

  test('reads on from a place in the middle', async () => {
    await life(intents('d1', 'd2', 'd3'), TINY);
    const journal = await openJournal();
    const places = [];
    for await (const placed of journal.records()) places.push(placed);
    const rest = [];
    for await (const { record } of journal.records(places[0]!.end)) rest.push(record);
    expect(rest).toEqual(intents('d2', 'd3'));
  });

  test('cuts off a tail torn at any byte of the last record, and no record before it is lost', async () => {
    await life([...intents('d1'), { kind: 'Applied', decisionId: 'd1', at: 5 }]);
    const path = segmentPath(journals.directory, 1);
    const whole = await readFile(path);
    const lastStart = whole.lastIndexOf(Buffer.from([0xff, 0x41, 0x4a, 0x31]));
    for (let length = lastStart; length < whole.length; length += 1) {
      await writeFile(path, whole.subarray(0, length));
      const journal = await Journal.open({ directory: journals.directory });
      expect(await contents(journal)).toEqual(intents('d1'));
      expect(journal.recovery).toEqual({ damaged: false, problems: [], truncatedBytes: length - lastStart });
      await journal.close();
    }
  });

  test('treats the last record with any byte flipped as torn', async () => {
    await life([...intents('d1'), { kind: 'Applied', decisionId: 'd1', at: 5 }]);
    const path = segmentPath(journals.directory, 1);
    const whole = await readFile(path);
    const lastStart = whole.lastIndexOf(Buffer.from([0xff, 0x41, 0x4a, 0x31]));
    for (let byte = lastStart; byte < whole.length; byte += 1) {
      const bad = Buffer.from(whole);
      bad.writeUInt8(bad.readUInt8(byte) ^ 0x10, byte);
      await writeFile(path, bad);
      const journal = await Journal.open({ directory: journals.directory });
      expect(await contents(journal)).toEqual(intents('d1'));
      expect(journal.recovery.truncatedBytes).toBe(whole.length - lastStart);
      await journal.close();
    }
  });

  test('starts a new segment after one whose creation was cut short', async () => {
    await life(intents('d1'));
    await writeFile(segmentPath(journals.directory, 2), Buffer.from([0xff, 0x41]));
    await life(intents('d2'));
    const journal = await openJournal();
    expect(await contents(journal)).toEqual(intents('d1', 'd2'));
    expect(journal.recovery.damaged).toBe(false);
  });
});

describe('a damaged journal', () => {
  const DAMAGES: readonly [string, () => Promise<unknown>, string][] = [
    ['a flipped byte in the middle', () => flipByte(1, 200), 'bytes 53 to'],
    ['a flipped byte in the first header', () => flipByte(1, 20), 'bytes 0 to'],
    ['a middle segment deleted', () => unlink(segmentPath(journals.directory, 2)), 'segment 2 is missing'],
    [
      'a middle segment emptied',
      () => truncate(segmentPath(journals.directory, 2), 0),
      'acknowledged bytes are missing',
    ],
    [
      'a middle segment cut',
      () => truncate(segmentPath(journals.directory, 2), 900),
      'acknowledged bytes are missing',
    ],
  ];

  test.each(DAMAGES)(
    'with %s says so, is still read, and refuses new intents only',
    async (_, damage, problem) => {
      await life(intents('d1', 'd2'));
      await life(intents('d3', 'd4'));
      await life(intents('d5'));
      await damage();
      const journal = await openJournal();
      expect(journal.recovery.damaged).toBe(true);
      expect(journal.recovery.problems.join()).toContain(problem);
      expect(await contents(journal)).toContainEqual(intentFixture('d5'));
      await expect(journal.append(intentFixture('d6'))).rejects.toMatchObject({ code: 'Damaged' });
      await journal.append(closedFixture('d5'));
      await journal.close();
      const again = await openJournal();
      expect(again.recovery.damaged).toBe(true);
    },
  );

  test('that a newer version wrote is not opened', async () => {
    const { encodeFrame } = await import('./frame.ts');
    await writeFile(
      segmentPath(journals.directory, 1),
      encodeFrame('{"journal":3,"segment":1,"previous":null}'),
    );
    await expect(Journal.open({ directory: journals.directory })).rejects.toThrow(
      'was written by a newer version of the operator',
    );
  });

  async function flipByte(segment: number, byte: number): Promise<void> {
    const bytes = await readFile(segmentPath(journals.directory, segment));
    bytes.writeUInt8(bytes.readUInt8(byte) ^ 1, byte);
    await writeFile(segmentPath(journals.directory, segment), bytes);
  }
});

describe('appending', () => {
  test('many at once share syncs and are all there', async () => {
    let syncs = 0;
    const journal = await openJournal({
      createFile: async (path) => counting(await createFile(path), () => (syncs += 1)),
    });
    const ids = Array.from({ length: 200 }, (_, i) => `d${i}`);
    await Promise.all(ids.map((id) => journal.append(intentFixture(id))));
    expect(syncs).toBeLessThan(20);
    const found = (await contents(journal)).map((record) => 'decisionId' in record && record.decisionId);
    expect(found.sort()).toEqual([...ids].sort());
  });

  const REFUSALS: readonly [string, JournalRecord, string, string][] = [
    ['a second ending', closedFixture('ended'), 'OutOfOrder', 'it has already ended as Closed'],
    ['an ending without intent', closedFixture('none'), 'OutOfOrder', 'it has no open Intent'],
    [
      'NaN',
      { ...intentFixture('nan'), decision: { guards: [{ after: Number.NaN }] } },
      'InvalidRecord',
      'Intent.decision.guards[0].after is NaN',
    ],
    [
      'a bigint',
      { ...intentFixture('big'), decision: { n: 1n } },
      'InvalidRecord',
      'Intent.decision.n is a bigint',
    ],
    [
      'too much',
      { ...intentFixture('large'), decision: { x: 'x'.repeat(2 ** 20) } },
      'InvalidRecord',
      '1048576 bytes',
    ],
  ];

  test.each(REFUSALS)('refuses %s', async (_, record, code, message) => {
    const journal = await openJournal();
    await journal.append(intentFixture('ended'));
    await journal.append(closedFixture('ended'));
    const attempt = journal.append(record);
    await expect(attempt).rejects.toMatchObject({ code });
    await expect(attempt).rejects.toThrow(message);
    expect(await contents(journal)).toHaveLength(2);
  });

  test('two endings of one decision at the same time: one is written, one refused', async () => {
    const journal = await openJournal();
    await journal.append(intentFixture('d1'));
    const results = await Promise.allSettled([
      journal.append(closedFixture('d1')),
      journal.append(closedFixture('d1')),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await contents(journal)).toHaveLength(2);
  });

  test('below the free-space floor an intent is refused, while one already begun can end', async () => {
    await life(intents('d1'));
    const journal = await openJournal({ freeFloorBytes: Number.MAX_SAFE_INTEGER });
    await expect(journal.append(intentFixture('d2'))).rejects.toMatchObject({ code: 'DiskFull' });
    await journal.append(closedFixture('d1'));
    expect(journal.openIntents()).toEqual([]);
  });
});

describe('a disk that fails', () => {
  test('a failed sync kills its segment: the record does not count, the next goes to a new segment', async () => {
    let fail = false;
    const journal = await openJournal({
      createFile: async (path) => counting(await createFile(path), () => fail && raise('EIO')),
    });
    await journal.append(intentFixture('d1'));
    fail = true;
    await expect(journal.append(intentFixture('d2'))).rejects.toMatchObject({ code: 'WriteFailed' });
    fail = false;
    await journal.append(intentFixture('d3'));
    expect(await contents(journal)).toEqual(intents('d1', 'd3'));
    expect(await listSegments(journals.directory)).toHaveLength(2);
    await journal.close();

    const again = await openJournal();
    expect(await contents(again)).toEqual(intents('d1', 'd3'));
    expect(again.recovery.damaged).toBe(false);
  });

  test('a full disk refuses until there is room again', async () => {
    let full = false;
    const journal = await openJournal({
      // The kernel's own full disk: every write to /dev/full is ENOSPC.
      createFile: async (path) => (full ? open('/dev/full', 'w') : createFile(path)),
      ...TINY,
    });
    await journal.append(intentFixture('d1'));
    full = true;
    await expect(journal.append(intentFixture('d2'))).rejects.toThrow('ENOSPC');
    await expect(journal.append(intentFixture('d2'))).rejects.toMatchObject({ code: 'WriteFailed' });
    expect(journal.problem).toContain('ENOSPC');
    full = false;
    await journal.append(intentFixture('d2'));
    expect(journal.problem).toBeUndefined();
    await journal.close();
    const again = await openJournal();
    expect(await contents(again)).toEqual(intents('d1', 'd2'));
    expect(again.recovery.damaged).toBe(false);
  });

  test('what a dying segment still took is not read as written', async () => {
    let fail = false;
    const journal = await openJournal({
      createFile: async (path) => counting(await createFile(path), () => fail && raise('EIO')),
    });
    await journal.append(intentFixture('d1'));
    fail = true;
    await expect(journal.append(intentFixture('d1b'))).rejects.toMatchObject({ code: 'WriteFailed' });
    fail = false;
    await journal.append(intentFixture('d2'));
    await journal.close();
    await appendFile(segmentPath(journals.directory, 1), 'rubbish');
    const again = await openJournal();
    expect(await contents(again)).toEqual(intents('d1', 'd2'));
    expect(again.recovery.damaged).toBe(false);
  });
});

describe('the lock', () => {
  test('a second journal on the same directory is refused and told who has it', async () => {
    await openJournal();
    await expect(Journal.open({ directory: journals.directory })).rejects.toThrow(
      `the journal is open in process ${process.pid}`,
    );
  });

  test.each([
    ['a process that is gone', { pid: 2 ** 22 + 1 }],
    ['another process with the same pid', { pid: process.pid, startTime: '1' }],
    ['a pod that was replaced', { pid: process.pid, host: 'autonomic-0' }],
  ])('of %s is taken over', async (_, owner) => {
    const { hostname } = await import('node:os');
    const lock = { host: hostname(), startTime: null, token: 'theirs', ...owner };
    await writeFile(join(journals.directory, 'lock'), JSON.stringify(lock));
    const journal = await openJournal();
    expect(journal.recovery.takenOverFrom).toBe(`process ${lock.pid} on ${lock.host}`);
    await journal.append(intentFixture('d1'));
  });

  test('once taken by another stops the first holder from writing', async () => {
    const journal = await openJournal();
    await journal.append(intentFixture('d1'));
    await writeFile(
      join(journals.directory, 'lock'),
      JSON.stringify({ host: 'other', pid: 1, token: 'theirs' }),
    );
    await expect(journal.append(intentFixture('d2'))).rejects.toMatchObject({ code: 'LockLost' });
    await journal.close();
    expect(await readdir(journals.directory)).toContain('lock');
  });
});

describe('old segments', () => {
  test('go once their decisions have ended and are exported, and the rest opens without damage', async () => {
    const journal = await openJournal({ ...TINY, retainBytes: 0 });
    for (const record of [...intents('d1'), closedFixture('d1'), ...intents('d2')])
      await journal.append(record);
    expect(await listSegments(journals.directory)).toEqual([1, 2, 3]);
    await journal.append({ kind: 'Exported', through: { segment: 3, offset: 1_000_000 } });
    await journal.close();
    expect(await listSegments(journals.directory)).toEqual([3, 4]);
    const again = await openJournal();
    expect(again.recovery.damaged).toBe(false);
    expect(again.openIntents().map((open) => open.intent.decisionId)).toEqual(['d2']);
    expect(again.exportedThrough).toEqual({ segment: 3, offset: 1_000_000 });
    await again.append(closedFixture('d2'));
  });

  test('go beyond the hard limit even when the knowledge store is away', async () => {
    const journal = await openJournal({ ...TINY, maxBytes: 3000 });
    for (let i = 0; i < 20; i += 1) {
      await journal.append(intentFixture(`d${i}`));
      await journal.append(closedFixture(`d${i}`));
    }
    await journal.close();
    expect(journal.bytes).toBeLessThan(6000);
    expect((await openJournal()).recovery.damaged).toBe(false);
  });
});

/** A real file whose syncs are watched: `onSync` may throw in their place. */
function counting(file: SegmentFile, onSync: () => unknown): SegmentFile {
  return {
    write: (bytes, offset, length, position) => file.write(bytes, offset, length, position),
    datasync: async () => {
      onSync();
      await file.datasync();
    },
    close: () => file.close(),
  };
}

function raise(code: string): never {
  throw Object.assign(new Error(`${code}: the disk failed`), { code });
}
