import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../simulate/random.ts';
import { run } from '../program.ts';

const START = Date.UTC(2026, 0, 5);
const DAY_POINTS = 288;
const POINTS = 7 * DAY_POINTS;
const JUMP = 6 * DAY_POINTS;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evaluate-anomaly-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await run(['evaluate', 'anomaly', ...args], terminal);
  return { code, out, err };
}

function timeAt(row: number, stepSeconds = 300): string {
  return new Date(START + row * stepSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** A week of days with noise; ten times as much for an hour. */
function ordinary(seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: POINTS }, (_, i) => {
    const usual = 100 + 50 * Math.sin((2 * Math.PI * i) / DAY_POINTS) + 5 * random();
    return i >= JUMP && i < JUMP + 12 ? 10 * usual : usual;
  });
}

function write(name: string, rows: readonly (readonly (number | string)[])[], columns = ['value']): string {
  const path = join(directory, name);
  writeFileSync(path, [['timestamp', ...columns], ...rows].map((row) => row.join(',')).join('\n'));
  return path;
}

const series = (name: string, values: readonly number[], stepSeconds = 300): string =>
  write(
    name,
    values.map((value, i) => [timeAt(i, stepSeconds), value]),
  );

interface Emitted {
  readonly time: string;
  readonly value: string;
  readonly score: number;
  readonly p: number;
  readonly alarm: boolean;
}

function emitted(path: string): Emitted[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  expect(header?.split(',').slice(0, 5)).toEqual(['timestamp', 'value', 'score', 'p_value', 'alarm']);
  return lines.map((line) => {
    const [time = '', value = '', score = '', p = '', alarm] = line.split(',');
    const number = (text: string): number => (text === '' ? NaN : Number.parseFloat(text));
    return { time, value, score: number(score), p: number(p), alarm: alarm === '1' };
  });
}

describe('evaluate anomaly', () => {
  it('says of each row, in their order, how unusual it is', async () => {
    const input = series('web.csv', ordinary(1));
    const { code, out } = await evaluate('--input', input, '--emit', join(directory, 'scores.csv'));
    expect(code).toBe(0);
    const rows = emitted(join(directory, 'scores.csv'));
    expect(rows.map(({ time }) => time)).toEqual(Array.from({ length: POINTS }, (_, i) => timeAt(i)));
    expect(rows.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
    const alarms = rows.flatMap(({ alarm }, i) => (alarm ? [i] : []));
    expect(alarms.some((i) => i >= JUMP && i < JUMP + 12)).toBe(true);
    expect(alarms.filter((i) => i < JUMP).length).toBeLessThanOrEqual(2);
    const calm = rows[JUMP - 1]?.score ?? 1;
    expect(Math.max(...rows.slice(JUMP, JUMP + 12).map(({ score }) => score))).toBeGreaterThan(calm);
    expect(out).toContain('web      incident   2016   300s');
  });

  it('judges a row by the rows before it: what comes later changes nothing', async () => {
    const values = ordinary(2);
    const half = POINTS / 2;
    series('whole.csv', values);
    series('half.csv', values.slice(0, half));
    const files = ['whole.csv', 'half.csv'].flatMap((name) => ['--input', join(directory, name)]);
    await evaluate(...files, '--emit', join(directory, 'scores/'));
    const whole = emitted(join(directory, 'scores', 'whole.csv'));
    expect(whole.slice(0, half)).toEqual(emitted(join(directory, 'scores', 'half.csv')));
  });

  it('has a row for each of the input, gaps, repeated times and negative values too', async () => {
    const input = write('odd.csv', [
      ['2026-01-05 00:00:00', '-1.5'],
      ['2026-01-05 00:05:00', ''],
      ['2026-01-05 00:10:00', '1'],
      ['2026-01-05 00:10:00', '2'],
      ['2026-01-05 00:05:00', '3'],
    ]);
    await evaluate('--input', input, '--emit', join(directory, 'scores.csv'));
    expect(emitted(join(directory, 'scores.csv')).map(({ time, value }) => `${time} ${value}`)).toEqual([
      '2026-01-05 00:00:00 -1.5',
      '2026-01-05 00:05:00 ',
      '2026-01-05 00:10:00 1',
      '2026-01-05 00:10:00 2',
      '2026-01-05 00:05:00 3',
    ]);
  });

  it('judges several columns together, and names the one that is the most unusual', async () => {
    const [cpu, disk] = [ordinary(3), ordinary(4).map((value, i) => (i >= JUMP ? 50 : value))];
    const rows = cpu.map((value, i) => [timeAt(i), disk[i] ?? 0, value]);
    const input = write('service.csv', rows, ['disk', 'cpu']);
    const { out } = await evaluate('--input', input, '--emit', join(directory, 'scores.csv'));
    expect(out).toContain('service   service');
    const [header, ...lines] = readFileSync(join(directory, 'scores.csv'), 'utf8').trim().split('\n');
    expect(header).toBe('timestamp,value,score,p_value,alarm,metric');
    const first = lines.slice(JUMP, JUMP + 12).find((line) => line.split(',')[4] === '1');
    expect(['cpu', 'disk']).toContain(first?.split(',')[5]);
  });

  it('sets one threshold for all series from the false alarms that are accepted', async () => {
    for (let seed = 1; seed <= 3; seed += 1) series(`s${seed}.csv`, ordinary(seed));
    const thresholds: number[] = [];
    for (const accepted of ['0.1', '1', '10']) {
      const { out } = await evaluate('--input', directory, '--false-alarms', accepted, '-o', 'json');
      thresholds.push((JSON.parse(out) as { thresholds: { incident: number } }).thresholds.incident);
    }
    const [strict = 0, usual = 0, lax = 0] = thresholds;
    expect(strict).toBeGreaterThanOrEqual(usual);
    expect(usual).toBeGreaterThan(lax);
  });

  it('tells what the alarms are worth where labels say', async () => {
    series('web.csv', ordinary(1));
    const labels = join(directory, 'labels.json');
    writeFileSync(labels, JSON.stringify({ 'any/web.csv': [timeAt(JUMP)] }));
    const { out } = await evaluate('--input', join(directory, 'web.csv'), '--labels', labels, '-o', 'json');
    const { labelled, series: all } = JSON.parse(out) as {
      labelled: { windows: number; recall: number; nab: { standard: number }; meanVusPr: number };
      series: { vusPr: number }[];
    };
    expect(labelled).toMatchObject({ windows: 1, recall: 1 });
    expect(labelled.nab.standard).toBeGreaterThan(50);
    expect(labelled.meanVusPr).toBeGreaterThan(0.1);
    expect(all[0]?.vusPr).toBe(labelled.meanVusPr);
  });

  it.each([
    ['nothing to look at', [], 'nothing to look at: name CSV files or folders with --input'],
    ['a flag that is none', ['--inputs', 'x'], "Unknown option '--inputs'"],
    [
      'no budget',
      ['--input', 'x', '--false-alarms', '0'],
      '--false-alarms must be a number from 0.01 to 1000',
    ],
    ['a part of nothing', ['--input', 'x', '--calibration', '50%'], 'give both or neither'],
    [
      'a detector that is none',
      ['--input', 'x', '--detector', 'magic'],
      '--detector must be auto, incident or indicator',
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, err } = await evaluate(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('refuses files that it cannot use, with the remedy', async () => {
    const bad = write('bad.csv', [['2026-01-05 00:00:00', 'x']]);
    expect(await evaluate('--input', bad)).toMatchObject({
      code: 2,
      err: expect.stringContaining("row 2: value 'x' is not a finite number") as string,
    });
    const daily = write(
      'daily.csv',
      [1, 2, 3].map((day) => [`2026-01-0${day}`, day]),
    );
    expect(await evaluate('--input', daily)).toMatchObject({
      code: 2,
      err: expect.stringContaining('rows are 86400 s apart') as string,
    });
    const good = series('good.csv', [1, 2, 3]);
    const labels = join(directory, 'labels.json');
    writeFileSync(labels, JSON.stringify({ 'good.csv': ['2020-01-01 00:00:00'] }));
    expect(await evaluate('--input', good, '--labels', labels)).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        "'2020-01-01 00:00:00' of good.csv is the time of none of its rows",
      ) as string,
    });
    mkdirSync(join(directory, 'two'));
    series('two/a.csv', [1, 2, 3]);
    series('two/b.csv', [1, 2, 3]);
    const emit = join(directory, 'one.csv');
    expect(await evaluate('--input', join(directory, 'two'), '--emit', emit)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there are 2 series; name a folder, ending in /') as string,
    });
  });
});
