import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { dropQuarantine, newestManifest, quarantineManifest, quarantineTable } from './quarantine.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'quarantine-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function damagedTable(table: string): Promise<string> {
  const manifest = join(directory, `${table}.lance`, '_versions', '18446744073709551614.manifest');
  await mkdir(join(manifest, '..'), { recursive: true });
  await writeFile(manifest, '');
  return manifest;
}

describe('what is put aside', () => {
  test('is a manifest, and then the table without it', async () => {
    const place = { directory, table: 'notes', now: 7 };
    const manifest = await damagedTable('notes');
    expect(await newestManifest(place)).toBe(manifest);
    await quarantineManifest(manifest, place);
    expect(await newestManifest(place)).toBeUndefined();
    await quarantineTable(place);
    expect(await readdir(directory)).toEqual(['quarantine']);
    const kept = ['notes-7-18446744073709551614.manifest', 'notes-7.lance.bad'];
    expect((await readdir(join(directory, 'quarantine'))).sort()).toEqual(kept);
  });

  test('stays until four newer ones came', async () => {
    // Not in the order of their names.
    for (const now of [8, 9, 10, 11, 12, 100]) {
      const table = now % 2 === 0 ? 'notes' : 'words';
      await damagedTable(table);
      await quarantineTable({ directory, table, now });
    }
    const kept = ['notes-10.lance.bad', 'notes-100.lance.bad', 'notes-12.lance.bad', 'words-11.lance.bad'];
    expect((await readdir(join(directory, 'quarantine'))).sort()).toEqual(kept);
  });

  test('may all be deleted, where there is any', async () => {
    await damagedTable('notes');
    await quarantineTable({ directory, table: 'notes', now: 7 });
    await dropQuarantine(directory);
    await dropQuarantine(directory);
    await dropQuarantine(undefined);
    expect(await readdir(directory)).toEqual([]);
  });
});
