import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberedCheckpoint } from '../../../test/support/numbered-checkpoint.ts';
import { CheckpointStore } from './checkpoint-store.ts';

const support = (name: string): string =>
  fileURLToPath(new URL(`../../../test/support/${name}`, import.meta.url));

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint-crash-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

interface Child {
  readonly imports?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kills it when it has completed so many. */
  readonly completed?: number;
}

/** Runs a writer until it is killed, by this test or by itself; returns the number of the last complete one. */
async function writeUntilKilled(
  first: number,
  { imports = [], env = {}, completed }: Child,
): Promise<number> {
  const flags = ['--disable-warning=ExperimentalWarning', ...imports.map((file) => `--import=${file}`)];
  const child = spawn(process.execPath, [...flags, support('checkpoint-writer.ts'), directory, `${first}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env },
  });
  let last = first - 1;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    last = Number.parseInt(chunk.trimEnd().split('\n').at(-1) ?? '', 10);
    if (completed !== undefined && last - first + 1 >= completed) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return last;
}

/** The number that all states of the checkpoint have; nothing may be wrong with it. */
async function numberFound(): Promise<number | undefined> {
  const problems: string[] = [];
  const store = await CheckpointStore.open(
    numberedCheckpoint.options(directory, (problem) => problems.push(problem)),
  );
  const states = await Promise.all(numberedCheckpoint.uids.map((uid) => store.restore(uid)));
  await store.close();
  expect(problems).toEqual([]);
  const numbers = new Set(states.map((state) => state?.learned.observedSince));
  expect(numbers.size).toBe(1);
  return [...numbers][0];
}

/** Each system call with which a checkpoint reaches the disk, and how often it comes within one pass at least. */
const POINTS: readonly (readonly [string, number])[] = [
  ['open', 1],
  ['write', 1],
  ['write', 2],
  ['write', 3],
  ['sync', 1],
  ['rename', 1],
  ['directory sync', 1],
];

describe.each(['before', 'after'])('killed %s', (when) => {
  test.each(POINTS)('its %s (%d), a process leaves the last checkpoint or this one', async (call, count) => {
    await writeUntilKilled(1, { completed: 1 });
    const complete = (await numberFound()) ?? NaN;
    const env = { KILL_AT: `${call} ${count} ${when}` };
    const last = await writeUntilKilled(100, { imports: [support('kill-at-checkpoint.ts')], env });
    expect(last).toBe(99);
    const renamed = call === 'directory sync' || (call === 'rename' && when === 'after');
    expect(await numberFound()).toBe(renamed ? 100 : complete);
    // What was half written is gone.
    expect(await readdir(directory)).toEqual(['learned.checkpoint']);
  });
});

test('killed at any moment, a process leaves the checkpoint that it told of last, or the next', async () => {
  let first = 1;
  for (let kill = 0; kill < 4; kill += 1) {
    const told = await writeUntilKilled(first, { completed: 1 + kill });
    const found = await numberFound();
    expect([told, told + 1]).toContain(found);
    first = told + 2;
  }
}, 60_000);
