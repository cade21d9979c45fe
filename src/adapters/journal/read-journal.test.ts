import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedFixture, intentFixture } from '../../../test/support/decision-fixtures.ts';
import { Journal } from './journal.ts';
import { readJournal, type JournalReport } from './read-journal.ts';

test('beside a writer that begins and deletes segments, no damage is ever seen, and records keep their order', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'read-'));
  const journal = await Journal.open({
    directory,
    segmentBytes: 8192,
    retainBytes: 65_536,
    freeFloorBytes: 0,
  });
  const decisions = 300;
  const writer = { busy: true };
  const write = async (): Promise<void> => {
    for (let i = 1; i <= decisions; i += 1) {
      await journal.append(intentFixture(`d${i}`, { at: i }));
      await journal.append(closedFixture(`d${i}`));
      const segment = Math.floor(i / 5);
      if (segment > 0) await journal.append({ kind: 'Exported', through: { segment, offset: 2 ** 31 } });
    }
  };
  const written = write().finally(() => (writer.busy = false));

  const reports: JournalReport[] = [];
  const orders: number[][] = [];
  while (writer.busy) {
    const order: number[] = [];
    const report = await readJournal(directory, ({ kind, record }) => {
      if (kind === 'Intent') order.push(record['at'] as number);
    });
    reports.push(report);
    orders.push(order);
  }
  await written;
  await journal.close();

  expect(reports.flatMap(({ damage }) => damage)).toEqual([]);
  for (const order of orders) expect(order).toEqual(order.toSorted((a, b) => a - b));
  const last = await readJournal(directory, () => undefined);
  expect(last.damage).toEqual([]);
  // Most were deleted meanwhile.
  expect(last.records).toBeLessThan(decisions);
  await rm(directory, { recursive: true });
});
