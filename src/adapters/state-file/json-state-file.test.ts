import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { JsonStateFile } from './json-state-file.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'autonomic-state-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function file<T>(version = 1): JsonStateFile<T> {
  return new JsonStateFile<T>(join(directory, 'deep', 'state.json'), version);
}

test('there is nothing before the first write', async () => {
  expect(await file().read()).toBeUndefined();
});

test('plain data and maps within maps come back as they were', async () => {
  const state = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    ),
  })).value;
  await fc.assert(
    fc.asyncProperty(state, async (value) => {
      await file().write({ value });
      expect(await file().read()).toEqual({ value });
    }),
    { numRuns: 30 },
  );
  expect(await readdir(join(directory, 'deep'))).toEqual(['state.json']);
});

test('a state of another version is not read', async () => {
  await file(1).write({ a: 1 });
  expect(await file(2).read()).toBeUndefined();
});

test('a file that is damaged is told of', async () => {
  await file().write({ a: 1 });
  await writeFile(join(directory, 'deep', 'state.json'), '{"version":1,');
  await expect(file().read()).rejects.toThrow();
});
