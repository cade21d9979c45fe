import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageOf, type ShapeName } from '../../../test/support/usage-shapes.ts';
import type { SizingResult } from '../../simulate/sizing/sizing-result.ts';
import { InputError, UsageError } from '../verb.ts';
import { runSizing } from './sizing.ts';

const HEADER = 'timestamp,cpu_used,cpu_requested,memory_used,memory_requested';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sizing-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, ...rows: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, [HEADER, ...rows, ''].join('\n'));
  return path;
}

/** Provisioned with 6 cores and 4 GB. */
const rowsOf = (shape: ShapeName, days: number): string[] =>
  usageOf(shape, { days, stepMinutes: 10 }).map(
    ({ at, cpu, memory }) => `${at},${cpu.toFixed(4)},6,${Math.round(memory)},4000000000`,
  );

function sizing(...args: readonly string[]): { out: string; err: string } {
  let [out, err] = ['', ''];
  runSizing(args, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { out, err };
}

describe('backtest sizing', () => {
  test('prints a line for each contender, and what one has to know', async () => {
    const web = await file('web.csv', ...rowsOf('daily', 14));
    const leak = await file('leak.csv', ...rowsOf('leak', 14));
    const { out, err } = sizing('--input', web, '--input', leak, '--input', web);
    expect(err).toBe('');
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^CONTENDER +CPU SLACK +MEMORY SLACK +THROTTLED +OOM KILLS +CHANGES\/DAY/);
    expect(lines.slice(1, 5).map((line) => line.split(/ {3}/)[0])).toEqual([
      'as provisioned',
      'VPA 1.8.1',
      'KRR simple',
      'Autopilot window',
    ]);
    expect(lines[1]).toMatch(/100\.0% +100\.0%$/);
    expect(out).toContain('2 series of 16.8 scored days together');
    expect(out).toContain('Use was measured under the requests of then.');
  });

  test('-o wide has a line for each series', async () => {
    const web = await file('web.csv', ...rowsOf('daily', 3));
    const { out } = sizing('--input', web, '-o', 'wide', '--contenders', 'krr');
    expect(out.split('\n').filter((line) => line.startsWith('web'))).toHaveLength(2);
  });

  test('-o json has everything, with the chosen contenders and warm-up', async () => {
    const web = await file('web.csv', ...rowsOf('daily', 3));
    const { out } = sizing('--input', web, '-o', 'json', '--contenders', 'autopilot,vpa', '--warmup', '1d');
    const result = JSON.parse(out) as SizingResult;
    expect(result.config).toEqual({
      warmupSeconds: 86_400,
      contenders: ['as-provisioned', 'vpa', 'autopilot'],
    });
    expect(result.series[0]).toMatchObject({
      name: 'web',
      startAt: '2026-01-05T07:13:00.000Z',
      warmupHours: 24,
    });
    expect(result.summary[1]?.cpuOverProvisioned).toBeLessThan(0.6);
  });

  test.each([
    [[], '--input is missing'],
    [['--input', 'x', '-o', 'html'], '--output must be table, wide or json, found "html"'],
    [['--input', 'x', '--contenders', 'vpa,hpa'], '--contenders: "hpa" is unknown; known are: all, vpa, krr'],
    [['--input', 'x', '--warmup', 'week'], '--warmup must be a duration'],
    [['--input', 'x', '--wormup', '7d'], "Unknown option '--wormup'"],
  ])('%j is wrong', (args, message) => {
    expect(() => sizing(...args)).toThrow(UsageError);
    expect(() => sizing(...args)).toThrow(message);
  });

  test.each([
    ['a word', ['0,1,2,many,4'], "row 2: memory_used 'many' is not a finite number of at least 0"],
    ['too little', ['0,1,2,3,4', '3600,1,2,3,4'], 'the usable rows cover 1.0 h; at least 24 h are needed'],
    [
      'a request of nothing',
      ['0,1,2,3,4', '99999,1,0,3,4'],
      'at 1970-01-02T03:46:39.000Z: cpu_requested is 0',
    ],
    ['no order', ['60,1,2,3,4', '0,1,2,3,4'], 'row 3: time 1970-01-01T00:00:00.000Z is earlier'],
  ])('a file with %s is refused with file, place and remedy', async (_, rows, message) => {
    const path = await file('bad.csv', ...rows);
    expect(() => sizing('--input', path)).toThrow(InputError);
    expect(() => sizing('--input', path)).toThrow(`${path}: ${message}`);
  });

  test('a file without one of the columns is refused with their names', async () => {
    const path = join(folder, 'few.csv');
    await writeFile(path, 'timestamp,cpu_used\n0,1\n');
    expect(() => sizing('--input', path)).toThrow(`${path}: row 1: no column 'cpu_requested'`);
  });

  test('--skip-bad-rows leaves them out and says how many; an empty cell is a gap and no bad row', async () => {
    const rows = rowsOf('constant', 2);
    const path = await file(
      'holes.csv',
      ...rows.slice(0, 50),
      'x,1,2,3,4',
      ...rows.slice(50),
      '99999999999999,1,0,3,4',
    );
    const { out, err } = sizing('--input', path, '--skip-bad-rows', '-o', 'json');
    expect(err).toBe(`warning: 2 rows that cannot be used were left out of ${path}\n`);
    expect((JSON.parse(out) as SizingResult).series[0]?.rows).toBe(288);
    const gaps = await file(
      'gaps.csv',
      ...rows.slice(0, 50),
      rows[50]!.replace(/,6,/, ',,'),
      ...rows.slice(51),
    );
    const gapped = JSON.parse(sizing('--input', gaps, '-o', 'json').out) as SizingResult;
    expect(gapped.series[0]?.rows).toBe(287);
  });
});
