import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LoopDriver } from '../../../../test/support/loop-driver.ts';
import { HOUR, policyFixture, REQUESTS } from '../../../../test/support/loop-fixtures.ts';
import { Journal } from '../../../adapters/journal/journal.ts';
import { situationRecord } from '../../../loop/knowledge/situation-record.ts';
import type { Situation } from '../../../loop/knowledge/situation.ts';
import { seededRandom } from '../../../simulate/random.ts';
import { run } from '../../program.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-selection-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await run(['evaluate', 'selection', ...args], terminal), out, err };
}

/** What a loop remembers of a day; in windows without an outcome the objective is taken for met. */
async function recordedDay(selection: object | undefined): Promise<string> {
  const spec = {
    metrics: [REQUESTS],
    horizontal: { minReplicas: 1, maxReplicas: 40 },
    objective: { indicators: [{ name: 'slow', query: 'slow', threshold: '1' }] },
    ...(selection === undefined ? {} : { selection }),
  };
  const loop = new LoopDriver(policyFixture(spec), 4);
  const begin = loop.now;
  while (loop.now < begin + 12 * HOUR) {
    loop.tick(200 + 100 * Math.sin((loop.now - begin) / HOUR), [
      { quality: 'Fresh', value: 0, at: loop.now },
    ]);
  }
  const situations = loop.asked.flatMap((effect): Situation[] =>
    effect.type === 'RecordSituation' ? [effect.situation] : [],
  );
  const journal = await Journal.open({ directory: join(folder, 'journal') });
  for (const situation of situations) await journal.append(situationRecord(situation));
  await journal.close();
  return join(folder, 'journal');
}

interface Value {
  readonly strategy: string;
  readonly choices: number;
  readonly effective: number;
  readonly unsupported: number;
  readonly ips: { readonly value: number; readonly interval: readonly [number, number] };
  readonly truth?: number;
}

const valuesIn = (out: string): readonly Value[] => (JSON.parse(out) as { values: readonly Value[] }).values;

describe('from a journal', () => {
  it('says of each strategy what it would have brought, and how much the record says about it', async () => {
    const journal = await recordedDay({ exploration: { percent: 40 } });
    const { code, out, err } = await evaluate('--journal', journal, '-o', 'json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const values = valuesIn(out);
    expect(values.map(({ strategy }) => strategy)).toContain('LinUCB');
    expect(values).toHaveLength(8);
    for (const { choices, effective, unsupported } of values) {
      expect(choices).toBeGreaterThan(15);
      expect(effective).toBeLessThanOrEqual(choices + 1e-9);
      expect(unsupported).toBeGreaterThanOrEqual(0);
    }
    const replay = values.find(({ strategy }) => strategy === 'Replay')!;
    expect(replay.ips.value).toBeGreaterThan(0.5);
  });

  it('prints a table of one strategy of one policy', async () => {
    const journal = await recordedDay({});
    const { code, out } = await evaluate(
      '--journal',
      journal,
      '--policy',
      'shop/web',
      '--strategy',
      'Replay',
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^RECORD +STRATEGY +CHOICES +EFFECTIVE +UNSUPPORTED/);
    expect(out).toMatch(/\nshop\/web +Replay +\d+/);
  });

  it.each([
    ['has no such policy', { selection: {}, args: ['--policy', 'shop/other'] }, 'no window of shop/other'],
    [
      'has no window that was selected',
      { selection: undefined, args: [] },
      'does the policy have spec.selection',
    ],
  ])('is told when it %s', async (_, { selection, args }, message) => {
    const journal = await recordedDay(selection);
    const { code, err } = await evaluate('--journal', journal, ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

/** Choices between two items with known chances of a click. */
async function banditLog(name: string, first: number, seed: number): Promise<string> {
  const random = seededRandom(seed);
  const rows = Array.from({ length: 4000 }, (_, row) => {
    const item = random() < first ? 0 : 1;
    const click = random() < [0.2, 0.6][item]! ? 1 : 0;
    const time = new Date(Date.UTC(2026, 0, 5) + 1000 * row).toISOString();
    return [row, time, item, 1, click, item === 0 ? first : 1 - first].join(',');
  });
  const file = join(folder, name);
  await writeFile(file, [',timestamp,item_id,position,click,propensity_score', ...rows].join('\n'));
  return file;
}

describe('from a bandit’s logs', () => {
  it('estimates the other strategy within its interval, and prints what it really brought beside it', async () => {
    const log = await banditLog('even.csv', 0.5, 1);
    const target = await banditLog('second.csv', 0.1, 2);
    const { code, out } = await evaluate('--log', log, '--target', target, '-o', 'json');
    expect(code).toBe(0);
    const [{ ips, truth, choices } = {} as Value] = valuesIn(out);
    expect(choices).toBe(4000);
    expect(truth).toBeCloseTo(0.56, 1);
    expect(ips.interval[0]).toBeLessThan(0.56);
    expect(ips.interval[1]).toBeGreaterThan(0.56);
  });

  it.each([
    ['one log alone', ['--log', 'a.csv'], 'name both, --log FILE and --target FILE'],
    ['logs and a journal', ['--log', 'a.csv', '--target', 'b.csv', '--journal', 'j'], 'use them alone'],
    ['nothing', [], 'nothing to judge'],
    ['a policy without its namespace', ['--journal', 'j', '--policy', 'web'], 'must be NAMESPACE/NAME'],
    ['an unknown strategy', ['--journal', 'j', '--strategy', 'Bayes'], 'Bayes'],
    ['a folder that is not there', ['--journal', '/nowhere'], '/nowhere is no folder'],
    ['a file that is not there', ['--log', '/none.csv', '--target', '/none.csv'], '/none.csv'],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await evaluate(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
