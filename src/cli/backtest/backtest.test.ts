import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../program.ts';
import type { BacktestResult } from '../../simulate/backtest-result.ts';

const PROGRAM = fileURLToPath(new URL('../kubectl-autonomic.ts', import.meta.url));

// Each starts the program, and some of them several times.
import.meta.jest.setTimeout(120_000);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'backtest-'));
  mkdirSync(join(directory, 'loads'));
  for (const [name, phase] of [
    ['a', 0],
    ['b', 2],
  ] as const) {
    writeFileSync(join(directory, 'loads', `${name}.csv`), waves(10, phase));
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A load with a wave of three hours, by the minute. */
function waves(hours: number, phase: number): string {
  const rows = Array.from({ length: hours * 60 }, (_, minute) => {
    const value = 50 + 40 * Math.sin((2 * Math.PI * minute) / 180 + phase);
    return `${minute * 60},${value.toFixed(3)}`;
  });
  return `timestamp,value\n${rows.join('\n')}\n`;
}

/** The real program, in a process of its own. */
function backtest(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, 'backtest', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  let interrupted = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    if (interrupted || interruptAt?.test(err) !== true) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The same in this process, for what ends before any worker is started. */
async function refused(args: readonly string[]): Promise<Ended> {
  let [out, err] = ['', ''];
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  const code = await run(['backtest', ...args], terminal);
  return { code, out, err };
}

/** Small enough for a test: ten hours, of which the first is for nobody. */
const SMALL = ['--settle', '1h', '--warmup', '4h', '-o', 'json'];

describe('kubectl autonomic backtest', () => {
  test('replays each trace with each contender and prints one JSON document', async () => {
    const { code, out, err } = await backtest([
      ...['--input', join(directory, 'loads'), '--rivals', 'static,hpa', '--startup', '120s', '--seed', '7'],
      ...SMALL,
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as BacktestResult;
    expect(result.config).toMatchObject({
      seed: 7,
      startup: { medianSeconds: 120 },
      warmupSeconds: 14_400,
      contenders: ['autonomic', 'hpa', 'static', 'oracle'],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(result).not.toHaveProperty('partial');
    expect(result.traces.map(({ name, group }) => [name, group])).toEqual([
      ['a', 'loads'],
      ['b', 'loads'],
    ]);
    for (const { contenders, days, warmupSeconds, digest } of result.traces) {
      expect(contenders.map(({ name }) => name)).toEqual(result.config.contenders);
      expect(days).toBeCloseTo(10 / 24, 2);
      expect(warmupSeconds).toBeLessThanOrEqual(14_400);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(result.summary.map(({ name, traces }) => [name, traces])).toEqual(
      result.config.contenders.map((name) => [name, 2]),
    );
    const oracle = result.summary.at(-1)?.medianCostOverOracle ?? Number.NaN;
    expect(oracle).toBeGreaterThan(1);
    expect(result.summary.find(({ name }) => name === 'static')?.medianCostOverOracle).toBeGreaterThan(
      oracle,
    );
  });

  test('writes the same bytes whatever the number of workers and the order of the files', async () => {
    const [a, b] = ['a.csv', 'b.csv'].map((name) => join(directory, 'loads', name));
    const runs = [
      ['--input', a ?? '', '--input', b ?? '', '--jobs', '1'],
      ['--input', b ?? '', '--input', a ?? '', '--jobs', '2'],
      ['--input', join(directory, 'loads'), '--jobs', '3'],
    ];
    const results: string[] = [];
    for (const [index, run] of runs.entries()) {
      const file = join(directory, `result-${index}.json`);
      const { code } = await backtest([...run, '--rivals', 'hpa,static', ...SMALL, '--output-file', file]);
      expect(code).toBe(0);
      results.push(readFileSync(file, 'utf8'));
    }
    expect(new Set(results).size).toBe(1);
  });

  test('a policy from a file brings its bounds, and is what autonomic follows', async () => {
    const file = join(directory, 'policy.yaml');
    writeFileSync(
      file,
      `apiVersion: autonomic.dev/v1alpha1
kind: AutonomicPolicy
metadata: { name: web }
spec:
  targetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  metrics:
    - type: Prometheus
      prometheus:
        name: requests
        query: sum(rate(http_requests_total[2m]))
        target: { type: AverageValue, averageValue: '6' }
  horizontal: { minReplicas: 3, maxReplicas: 12 }
`,
    );
    const { code, out, err } = await backtest([
      ...['--input', join(directory, 'loads', 'a.csv'), '--policy', file, '--replica-capacity', '10'],
      ...['--rivals', 'static', ...SMALL],
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as BacktestResult;
    expect(result.config.bounds).toEqual({ minReplicas: 3, maxReplicas: 12 });
    expect(result.config.policy?.metrics[0]?.prometheus?.target.averageValue).toBe('6');
    expect(result.traces[0]).toMatchObject({ scale: 1 });
    expect(result.traces[0]?.contenders[0]).not.toHaveProperty('knob');
  });

  test('Ctrl-C leaves a valid partial result that says so, and exit code 130', async () => {
    const file = join(directory, 'long.csv');
    writeFileSync(file, waves(24 * 30, 1));
    const { code, out, err } = await backtest(
      ['--input', join(directory, 'loads'), '--input', file, '--jobs', '1', '--progress', ...SMALL],
      /\d+ of \d+ simulations/,
    );
    const { partial, traces, summary, config } = JSON.parse(out) as BacktestResult;
    expect(code).toBe(130);
    expect(partial?.planned).toBe(3 * config.contenders.length);
    expect(partial?.done).toBe(traces.reduce((sum, { contenders }) => sum + contenders.length, 0));
    expect(partial?.done).toBeLessThan(partial?.planned ?? 0);
    expect(partial?.message).toMatch(/^interrupted after \d+ of \d+ simulations; /);
    expect(err.trimEnd().split('\n').at(-1)).toBe(partial?.message);
    const whole = traces.filter(({ contenders }) => contenders.length === config.contenders.length);
    for (const row of summary) expect(row.traces).toBe(whole.length);
  });

  test.each([
    [['--input', '/nowhere'], '/nowhere: cannot be read: ENOENT'],
    [
      ['--input', 'LOADS', '--rivals', 'hpa,vpa'],
      '--rivals: there is no "vpa"; known are all, reference, ablations, autonomic',
    ],
    [['--input', 'LOADS'], 'a.csv: a warm-up of '],
    [['--input', 'LOADS', '--output-file', '/nowhere/x'], '--output-file /nowhere/x: ENOENT'],
    [
      ['--input', 'LOADS', '--policy', '/nowhere.yaml'],
      '--policy /nowhere.yaml: cannot be read as YAML: ENOENT',
    ],
    [
      ['--prometheus', 'http://127.0.0.1:1', '--query', 'sum(x)'],
      '--prometheus http://127.0.0.1:1: the request failed: connect ECONNREFUSED 127.0.0.1:1; check the address',
    ],
    [
      ['--prometheus', 'http://127.0.0.1:1', '--query', 'sum(', '--workload', 'shop/web'],
      '--query: line 1, column',
    ],
  ])('%j is refused with exit code 2, one line and nothing else', async (args, message) => {
    const loads = join(directory, 'loads');
    const { code, out, err } = await refused(args.map((arg) => (arg === 'LOADS' ? loads : arg)));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a policy that is wrong is refused with the field', async () => {
    const file = join(directory, 'wrong.yaml');
    writeFileSync(
      file,
      'apiVersion: autonomic.dev/v1alpha1\nkind: AutonomicPolicy\nmetadata: { name: web }\nspec: {}\n',
    );
    const { code, err } = await refused(['--input', join(directory, 'loads'), '--policy', file]);
    expect(code).toBe(2);
    expect(err).toContain(`error: --policy ${file}: spec.targetRef: `);
    expect(err).toContain('spec.horizontal: ');
  });
});
