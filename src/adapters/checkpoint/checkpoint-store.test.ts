import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NOW, policyFixture } from '../../../test/support/loop-fixtures.ts';
import { learnedOf, type LearnedState } from '../../loop/learned-state.ts';
import { createPolicyState } from '../../loop/state.ts';
import { CheckpointStore, type CheckpointOptions } from './checkpoint-store.ts';

let directory = '';
let problems: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  problems = [];
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const FILE = 'learned.checkpoint';
const path = (): string => join(directory, FILE);

function open(options: Partial<CheckpointOptions> = {}): Promise<CheckpointStore> {
  return CheckpointStore.open({
    directory,
    schema: 1,
    structure: 'one',
    app: '1.0.0',
    now: () => NOW,
    onProblem: (problem) => problems.push(problem),
    onSlice: () => undefined,
    ...options,
  });
}

/** A state that can be told from those with another number. */
function learned(number = 200): LearnedState {
  const state = createPolicyState(policyFixture({ forecast: {} }), NOW, { actionTimes: [number] });
  return learnedOf(state);
}

const everybody = (): boolean => true;

/** A checkpoint of policies with these numbers, by a process that has ended. */
async function stored(numbers: Readonly<Record<string, number>>): Promise<void> {
  const store = await open();
  const states = Object.entries(numbers).map(([uid, number]) => ({ uid, learned: learned(number) }));
  const report = await store.write(states, (uid) => uid in numbers);
  expect(report).toMatchObject({ policies: states.length, leftOut: [] });
  await store.close();
}

describe('a checkpoint', () => {
  test('gives back exactly what was stored, with the time of it', async () => {
    await stored({ a: 100, b: 300 });
    const store = await open();
    expect(await store.restore('a')).toStrictEqual({ uid: 'a', at: NOW, learned: learned(100) });
    expect(await store.restore('b')).toStrictEqual({ uid: 'b', at: NOW, learned: learned(300) });
    expect(await store.restore('c')).toBeUndefined();
    expect(problems).toEqual([]);
    await store.close();
  });

  test('is one file, and takes the place of the one before', async () => {
    await stored({ a: 100, b: 300 });
    await stored({ b: 200 });
    expect(await readdir(directory)).toEqual([FILE]);
    const store = await open();
    expect(await store.restore('b')).toMatchObject({ learned: learned(200) });
    await store.close();
  });

  test('is of no use any more for a policy that is served by this process', async () => {
    await stored({ a: 100 });
    const store = await open();
    store.release('a');
    expect(await store.restore('a')).toBeUndefined();
    await store.close();
  });

  test('is asked for in vain where there is none', async () => {
    const store = await open({ directory: join(directory, 'none') });
    expect(await store.restore('a')).toBeUndefined();
    expect([store.problem, store.bytes, store.writtenAt]).toEqual([undefined, 0, undefined]);
    expect(problems).toEqual([]);
    await store.close();
  });
});

describe('policies that this process has not taken over yet', () => {
  test('are carried along with their time, those that are gone are not', async () => {
    await stored({ open: 100, waiting: 200, gone: 300 });
    const later = await open({ now: () => NOW + 60_000 });
    await later.write([{ uid: 'open', learned: learned(400) }], (uid) => uid !== 'gone');
    await later.close();
    const store = await open();
    expect(await store.restore('open')).toMatchObject({ at: NOW + 60_000, learned: learned(400) });
    expect(await store.restore('waiting')).toStrictEqual({ uid: 'waiting', at: NOW, learned: learned(200) });
    expect(await store.restore('gone')).toBeUndefined();
    await store.close();
  });

  test('can still be read from the old file when a new one has taken its name', async () => {
    await stored({ a: 100 });
    const store = await open();
    await store.write([{ uid: 'a', learned: learned(400) }], everybody);
    expect(await store.restore('a')).toMatchObject({ learned: learned(100) });
    await store.close();
  });
});

/** Each changes the bytes of a good checkpoint. */
const DAMAGE: readonly (readonly [string, (bytes: Buffer) => Buffer, RegExp])[] = [
  ['is empty', () => Buffer.alloc(0), /it is no checkpoint/],
  ['is something else', () => Buffer.from('{"what": "a text of some other program"}'), /it is no checkpoint/],
  ['lacks its last byte', (bytes) => bytes.subarray(0, -1), /it was cut short/],
  ['ends in the middle', (bytes) => bytes.subarray(0, bytes.length >> 1), /it was cut short/],
  [
    'has bytes after its end',
    (bytes) => Buffer.concat([bytes, bytes.subarray(-24)]),
    /not where it was written/,
  ],
  ['has a bad header', (bytes) => flipped(bytes, 30), /its header is bad/],
  ['has a bad index', (bytes) => flipped(bytes, bytes.length - 40), /its index is bad/],
  ['is of a newer format', (bytes) => (bytes.writeUInt32LE(3, 8), bytes), /a newer version of the operator/],
];

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at);
  return bytes;
}

describe('a file that cannot be used', () => {
  test.each(DAMAGE)(
    'because it %s is kept aside, and the next one is written',
    async (_name, damage, why) => {
      await stored({ a: 100 });
      await writeFile(path(), damage(await readFile(path())));
      const store = await open();
      expect(problems).toEqual([expect.stringMatching(why)]);
      expect(problems[0]).toContain(`it is kept as ${path()}.bad`);
      expect(await store.restore('a')).toBeUndefined();
      expect(await store.write([{ uid: 'a', learned: learned() }], everybody)).toMatchObject({ policies: 1 });
      await store.close();
      expect((await readdir(directory)).sort()).toEqual([FILE, `${FILE}.bad`]);
    },
  );

  test('because one record is bad loses this one alone', async () => {
    await stored({ a: 100, b: 200 });
    await writeFile(path(), flipped(await readFile(path()), 2000));
    const store = await open();
    expect(await store.restore('a')).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(/the record of policy a is bad; it is kept as/)]);
    expect(await store.restore('b')).toMatchObject({ learned: learned(200) });
    await store.close();
  });

  test('keeps one of its kind at most', async () => {
    for (const text of ['one', 'two']) {
      await writeFile(path(), text);
      await (await open()).close();
    }
    expect(await readdir(directory)).toEqual([`${FILE}.bad`]);
    expect(await readFile(`${path()}.bad`, 'utf8')).toBe('two');
  });

  test.each([
    ['a newer schema', { schema: 2 }, /of the newer version 1.0.0; it is kept as/],
    ['an older schema', { schema: 0 }, /of another version, 1.0.0$/],
    ['another structure', { structure: 'two' }, /of another version, 1.0.0$/],
  ])('because its states have %s is not read', async (_name, written, why) => {
    const before = await open(written);
    await before.write([{ uid: 'a', learned: learned() }], everybody);
    await before.close();
    const store = await open();
    expect(problems).toEqual([expect.stringMatching(why)]);
    expect(await store.restore('a')).toBeUndefined();
    await store.close();
  });

  test('of a process that was killed while it wrote is removed', async () => {
    await writeFile(`${path()}.tmp`, 'half');
    await (await open()).close();
    expect(await readdir(directory)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('a disk that takes nothing', () => {
  /** A device that is always full in place of the file being written; a root user could write to any directory. */
  const fillUp = (): Promise<void> => symlink('/dev/full', `${path()}.tmp`);

  test('is told of once, and again when it has been well in between; the last checkpoint stays', async () => {
    await stored({ a: 100 });
    const store = await open();
    const write = (): Promise<unknown> => store.write([{ uid: 'a', learned: learned(300) }], everybody);
    for (let pass = 0; pass < 3; pass += 1) {
      await fillUp();
      expect(await write()).toBeUndefined();
    }
    expect(problems).toEqual([expect.stringMatching(/^the checkpoint could not be written: ENOSPC/)]);
    expect(store.problem).toBe(problems[0]);
    const other = await open();
    expect(await other.restore('a')).toMatchObject({ learned: learned(100) });
    await other.close();
    expect(await write()).toMatchObject({ policies: 1 });
    expect(store.problem).toBeUndefined();
    await fillUp();
    await write();
    expect(problems).toHaveLength(2);
    await store.close();
  });

  test('because the directory cannot be made is a problem and no error', async () => {
    await writeFile(join(directory, 'file'), '');
    const store = await open({ directory: join(directory, 'file', 'checkpoint') });
    expect(await store.write([], everybody)).toBeUndefined();
    expect(store.problem).toMatch(/^the checkpoint could not be written: ENOTDIR/);
    await store.close();
  });
});

test('a state that is no plain data is left out and told of; all others are stored', async () => {
  const store = await open();
  const strange = { ...learned(), strange: () => 1 };
  const states = [
    { uid: 'a', learned: learned(100) },
    { uid: 'b', learned: strange },
    { uid: 'c', learned: learned(300) },
  ];
  expect(await store.write(states, everybody)).toMatchObject({ policies: 2 });
  expect(store.problem).toBe('the state of policy b cannot be stored: a function is no plain data');
  await store.close();
  const next = await open();
  expect(await next.restore('a')).toMatchObject({ learned: learned(100) });
  expect(await next.restore('c')).toMatchObject({ learned: learned(300) });
  await next.close();
});

test('passes come one after the other, and others have their turn within each', async () => {
  const slices: number[] = [];
  const store = await open({ onSlice: (ms) => slices.push(ms) });
  const states = Array.from({ length: 60 }, (_, i) => ({ uid: `p${i}`, learned: learned(i) }));
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  const [first, second] = await Promise.all([
    store.write(states, everybody),
    store.write(states.slice(0, 1), everybody),
  ]);
  clearInterval(counting);
  expect([first?.policies, second?.policies]).toEqual([60, 1]);
  expect(slices.length).toBeGreaterThan(2);
  expect(turns).toBeGreaterThan(0);
  await store.close();
});
