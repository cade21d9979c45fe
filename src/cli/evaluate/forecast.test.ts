import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../program.ts';
import type { EmittedForecast } from './evaluate-series.ts';
import type { ForecastResult } from './forecast-result.ts';

const LEVELS = [
  '0.025',
  '0.1',
  '0.2',
  '0.3',
  '0.4',
  '0.5',
  '0.6',
  '0.7',
  '0.8',
  '0.9',
  '0.95',
  '0.975',
  '0.99',
];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'evaluate-'));
  mkdirSync(join(directory, 'many'));
  writeFileSync(join(directory, 'many', 'a.csv'), waves(4 * 288));
  writeFileSync(join(directory, 'many', 'b.csv.gz'), gzipSync(waves(4 * 288, { names: ['cpu', 'rps'] })));
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Shape {
  readonly names?: readonly string[];
  readonly seconds?: number;
  readonly changed?: (row: number) => number | undefined;
}

/** A wave of a day; each column of its own size. `changed` replaces the value of a row. */
function waves(rows: number, { names = ['value'], seconds = 300, changed }: Shape = {}): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const phase = (2 * Math.PI * row * seconds) / 86_400;
    const own = names.map(
      (_, i) => changed?.(row) ?? (i + 1) * (50 + 30 * Math.sin(phase) + ((row * 7) % 5)),
    );
    return `${1_700_000_000 + row * seconds},${own.map((value) => value.toFixed(3)).join(',')}`;
  });
  return `timestamp,${names.join(',')}\n${lines.join('\n')}\n`;
}

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await run(['evaluate', 'forecast', ...args], terminal);
  return { code, out, err };
}

function linesOf(path: string): EmittedForecast[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as EmittedForecast);
}

describe('kubectl autonomic evaluate forecast', () => {
  test('writes one line for each series, origin and step, and a summary beside the floors', async () => {
    const emit = join(directory, 'f.jsonl');
    const { code, out, err } = await evaluate(
      ...['--input', join(directory, 'many'), '--history', '60%', '--origins', '3', '--horizons', '12,72'],
      ...['--emit', emit, '--floors', '-o', 'json'],
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = linesOf(emit);
    expect(lines).toHaveLength(3 * 3 * 72);
    expect([...new Set(lines.map(({ series }) => series))]).toEqual(['a', 'b/cpu', 'b/rps']);
    // The last step of the history is known at the first origin; after the last one the longest horizon is left.
    const origins = [...new Set(lines.map(({ origin }) => origin))].map(
      (origin) => Date.parse(origin) / 300_000,
    );
    const first = 1_700_000_000 / 300;
    expect(origins[0]! - first).toBeCloseTo(Math.floor(0.6 * 1152) - 1, 5);
    expect(origins[2]! - first).toBeCloseTo(1151 - 72, 5);
    for (const { q } of lines) {
      const quantiles = LEVELS.map((level) => q[level]!);
      expect(Object.keys(q)).toHaveLength(LEVELS.length);
      expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
    }
    const { summary, series } = JSON.parse(out) as ForecastResult;
    expect(series).toHaveLength(3);
    expect(summary.map(({ name }) => name)).toEqual([
      ...['autonomic', 'last-value', 'ses', 'theta-deseasonalised', 'seasonal-naive'],
    ]);
    expect(summary.at(-1)!.horizons[0]!.lossOverSeasonalNaive).toBeCloseTo(1, 12);
    expect(summary[1]!.horizons[1]!.lossOverSeasonalNaive).toBeGreaterThan(3);
  });

  test('is deterministic, and knows nothing of what comes after an origin', async () => {
    const cut = Math.floor(0.6 * 1152);
    const bent = waves(1152, { changed: (row) => (row >= cut ? 500 : undefined) });
    const results = await Promise.all(
      [waves(1152), waves(1152), bent].map(async (text, i) => {
        const emit = join(directory, `c${i}.jsonl`);
        await evaluate('--input', file(`c.csv`, text), '--origins', '1', '--horizons', '36', '--emit', emit);
        return readFileSync(emit, 'utf8');
      }),
    );
    expect(results[1]).toBe(results[0]);
    expect(results[2]).toBe(results[0]);
    expect(results[0]!.length).toBeGreaterThan(1000);
  });

  test('takes means of five minutes of finer series, and leaves gaps as gaps', async () => {
    const text = waves(3 * 1440, { seconds: 60 })
      .split('\n')
      .filter((_, row) => row < 2000 || row > 2200)
      .join('\n');
    const { code, out } = await evaluate('--input', file('fine.csv', text), '--horizons', '12', '-o', 'json');
    expect(code).toBe(0);
    const { series } = JSON.parse(out) as ForecastResult;
    expect(series[0]!.steps).toBe(864 + 1);
    expect(series[0]!.methods[0]!.horizons[0]!.coverage80).toBeGreaterThan(0.4);
  });

  test('prints a table, with the series when asked, in the light tier too', async () => {
    const { out } = await evaluate(
      ...['--input', join(directory, 'many', 'a.csv'), '--horizons', '12', '--tier', 'light', '-o', 'wide'],
    );
    expect(out).toMatch(/^FORECAST\s+STEPS\s+LOSS\/NAIVE/);
    expect(out).toMatch(/\nautonomic\s+12\s+\d\.\d{3}/);
    expect(out).toMatch(/\nSERIES\s+STEPS\s+WQL 12/);
  });

  test('leaves a short series out and says so', async () => {
    file('many/short.csv', waves(100));
    const { code, err } = await evaluate(
      '--input',
      join(directory, 'many'),
      '--origins',
      '1',
      '--horizons',
      '288',
    );
    rmSync(join(directory, 'many', 'short.csv'));
    expect(code).toBe(0);
    expect(err).toBe(
      'warning: short: 100 steps of five minutes leave 40 after the history, and the longest horizon needs 288; left out\n',
    );
  });

  test.each([
    [[], 'nothing to forecast: name CSV files or folders with --input'],
    [['--input', ''], '--input is empty'],
    [['--input', 'x.csv', '--emit', ''], '--emit is empty'],
    [['--input', 'x.csv', '--history', '99%'], '--history must be a share from 10% to 95%'],
    [['--input', 'x.csv', '--origins', '0'], '--origins must be a whole number from 1'],
    [
      ['--input', 'x.csv', '--horizons', '12,,72'],
      '--horizons must be a whole number from 1 to 2016, found ""',
    ],
    [['--input', 'x.csv', '--tier', 'huge'], '--tier must be full or light, found "huge"'],
    [['--input', 'x.csv', '-o', 'html'], '--output must be table, wide or json'],
    [['--input', 'x.csv', '--origin', '3'], "Unknown option '--origin'"],
    [['--input', '/nowhere/x.csv'], '/nowhere/x.csv: cannot be read'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, out, err } = await evaluate(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test.each([
    ['a word', 'timestamp,value\n0,1\n300,many\n', "row 3: value 'many' is not a finite number"],
    [
      'coarse samples',
      waves(500, { seconds: 3600 }),
      'samples are 3600 s apart; forecasts are of five minutes',
    ],
    ['too little', waves(100), 'no series can be evaluated: 100 steps of five minutes leave 40'],
  ])('refuses a file with %s', async (_what, text, message) => {
    const { code, err } = await evaluate('--input', file('bad.csv', text));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('says what can be evaluated', async () => {
    let err = '';
    const terminal = { out: () => undefined, err: (text: string) => void (err += text) };
    expect(await run(['evaluate'], terminal)).toBe(2);
    expect(err).toContain('say what to evaluate: forecast');
  });
});
