import { appendFile, mkdtemp, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { intentFixture } from '../../../test/support/decision-fixtures.ts';
import { Journal } from './journal.ts';
import { segmentPath } from './segment.ts';
import { walkSegments, type WalkedSegment } from './walk-segments.ts';

let directory: string;

/** Five segments with one record each. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'walk-'));
  const journal = await Journal.open({ directory, segmentBytes: 1 });
  for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) await journal.append(intentFixture(id));
  await journal.close();
});

afterEach(() => rm(directory, { recursive: true }));

/** What a reader gets that is interrupted after the first segment by somebody who deletes. */
async function walkedWhileDeleted(segments: readonly number[]): Promise<WalkedSegment[]> {
  const found: WalkedSegment[] = [];
  for await (const walked of walkSegments(directory)) {
    if (found.length === 0) for (const segment of segments) await unlink(segmentPath(directory, segment));
    found.push(walked);
  }
  return found;
}

test.each<readonly [string, readonly number[], readonly number[], readonly string[]]>([
  ['all of an untouched journal', [], [1, 2, 3, 4, 5], []],
  // The second is in memory when the first is told.
  ['what retention leaves while it reads, without alarm', [1, 2, 3], [1, 2, 4, 5], []],
  ['a hole in the middle as damage', [3], [1, 2, 4, 5], ['segment 3 is missing after ']],
])('reads %s', async (_, deleted, segments, problems) => {
  const found = await walkedWhileDeleted(deleted);
  expect(found.map(({ segment }) => segment)).toEqual(segments);
  expect(found.map(({ newest }) => newest)).toEqual(segments.map((segment) => segment === 5));
  const damage = found.flatMap((walked) => walked.damage);
  expect(damage.map(({ message }) => message)).toEqual(
    problems.map((problem) => expect.stringContaining(problem) as string),
  );
  expect(damage.map(({ file }) => file)).toEqual(deleted.length === 1 ? [segmentPath(directory, 3)] : []);
});

test('leaves a torn tail where it is', async () => {
  const path = segmentPath(directory, 5);
  const { size } = await stat(path);
  await appendFile(path, 'half a rec');
  const found: WalkedSegment[] = [];
  for await (const walked of walkSegments(directory)) found.push(walked);
  expect(found.at(-1)).toMatchObject({ acknowledged: size, size: size + 10, newest: true, damage: [] });
  expect((await stat(path)).size).toBe(size + 10);
});
