// A process that writes checkpoints one after the other until it is killed, and prints the number of each that is
// complete. Every state of the n-th has the number n in it. Arguments: directory, first number.
import { writeSync } from 'node:fs';
import { CheckpointStore } from '../../src/adapters/checkpoint/checkpoint-store.ts';
import { numberedCheckpoint } from './numbered-checkpoint.ts';

const [directory = '', first = ''] = process.argv.slice(2);
const store = await CheckpointStore.open(numberedCheckpoint.options(directory));

for (let number = Number.parseInt(first, 10); ; number += 1) {
  const report = await store.write(numberedCheckpoint.states(number), () => true);
  if (report === undefined) throw new Error(store.problem);
  writeSync(1, `${number}\n`);
}
