import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Journal } from './journal.ts';

const WRITER = fileURLToPath(new URL('../../../test/support/journal-writer.ts', import.meta.url));
const KILLS = 26;

/** Runs a writer, kills it when it has acknowledged `lines` records, and returns those. */
async function writeUntilKilled(directory: string, prefix: string, lines: number): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', WRITER, directory, prefix],
    { stdio: ['ignore', 'pipe', 'inherit'], env: {} },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}

describe('the journal of a process that is killed', () => {
  test(`has every acknowledged record after each of ${KILLS} kills in mid-append`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'journal-'));
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (const id of await writeUntilKilled(directory, `k${kill}`, 1 + ((kill * 37) % 100)))
        acknowledged.add(id);
      const journal = await Journal.open({ directory });
      expect(journal.recovery).toMatchObject({ damaged: false, problems: [] });
      const found = new Set<string>();
      for await (const { record } of journal.records()) {
        if (record.kind === 'Intent') found.add(record.decisionId);
      }
      expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
      await journal.close();
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    await rm(directory, { recursive: true });
  }, 180_000);
});
