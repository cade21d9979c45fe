// A process that writes a journal as fast as it can until it is killed, and prints each decision id after
// its Intent was acknowledged. Arguments: directory, prefix of the ids.
import { writeSync } from 'node:fs';

import { Journal } from '../../src/adapters/journal/journal.ts';
import { closedFixture, intentFixture } from './decision-fixtures.ts';

const [directory = '', prefix = ''] = process.argv.slice(2);
const journal = await Journal.open({ directory, segmentBytes: 64 * 1024, freeFloorBytes: 0 });

async function writeForever(writer: number): Promise<never> {
  for (let i = 0; ; i += 1) {
    const id = `${prefix}-${writer}-${i}`;
    await journal.append(intentFixture(id));
    writeSync(1, `${id}\n`);
    if (i % 2 === 0) await journal.append(closedFixture(id));
  }
}

await Promise.all([1, 2, 3, 4].map(writeForever));
