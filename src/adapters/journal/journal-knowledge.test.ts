import { writeFile } from 'node:fs/promises';

import { intentFixture } from '../../../test/support/decision-fixtures.ts';
import { documentFixture, endedAnomalyFixture } from '../../../test/support/memory-fixtures.ts';
import { situationFixture } from '../../../test/support/situation-fixture.ts';
import { contents, journalFixture } from '../../../test/support/journal-fixture.ts';
import type { JournalRecord } from '../../loop/execute/journal-record.ts';
import { documentRecord } from '../../loop/knowledge/document.ts';
import { anomalyRecord } from '../../loop/knowledge/ended-anomaly.ts';
import { situationRecord } from '../../loop/knowledge/situation-record.ts';
import { encodeFrame } from './frame.ts';
import { segmentPath } from './segment.ts';

const journals = journalFixture();
const { openJournal, life } = journals;

describe('what was learned', () => {
  const LEARNED: readonly JournalRecord[] = [
    situationRecord(situationFixture()),
    anomalyRecord(endedAnomalyFixture('a1')),
    documentRecord(documentFixture('r1')),
    { kind: 'Forget', at: 1, namespace: 'shop' },
  ];

  test('comes back as it was, between the records of decisions', async () => {
    const intent = intentFixture('d1');
    await life([...LEARNED, intent, ...LEARNED]);
    const journal = await openJournal();
    expect(journal.recovery.damaged).toBe(false);
    expect(await contents(journal)).toEqual([...LEARNED, intent, ...LEARNED]);
  });

  test('leaves what is free of a full disk to decisions; whom to forget is written all the same', async () => {
    const journal = await openJournal({ freeFloorBytes: Number.MAX_SAFE_INTEGER });
    for (const record of LEARNED.slice(0, 3)) {
      await expect(journal.append(record)).rejects.toMatchObject({ code: 'DiskFull' });
    }
    await journal.append(LEARNED[3]!);
    expect(await contents(journal)).toEqual([LEARNED[3]]);
  });

  test('follows what a version before it wrote', async () => {
    const header = encodeFrame('{"journal":1,"segment":1,"previous":null}');
    const old = encodeFrame(JSON.stringify(intentFixture('d1')));
    await writeFile(segmentPath(journals.directory, 1), Buffer.concat([header, old]));
    await life(LEARNED);
    expect(await contents(await openJournal())).toEqual([intentFixture('d1'), ...LEARNED]);
  });
});
