import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BacktestResult, ContenderSummary } from '../src/simulate/backtest-result.ts';
import { developmentTraces } from './development-traces.ts';
import { processTree } from './memory.ts';
import { contenderSpeed } from './contender-speed.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

/** The protocol's two start-up times, with noise in the arrivals and without. */
const WORLDS = [
  { arrivals: 'poisson', startup: '20s' },
  { arrivals: 'poisson', startup: '120s' },
  { arrivals: 'linear', startup: '20s' },
  { arrivals: 'linear', startup: '120s' },
] as const;

const PROGRAM = join(import.meta.dirname, '../src/cli/kubectl-autonomic.ts');
const MEMORY_POLL_MS = 500;

interface Replay {
  readonly title: string;
  readonly result: BacktestResult;
  readonly seconds: number;
  /** Largest resident memory seen, MiB. */
  readonly memory: number;
}

/** Ours and the rivals, each tuned on the first week, on the development traces. */
export const autoscalingSuite: Suite = {
  name: 'autoscaling',
  title: 'Autoscaling: cost and violations against tuned rivals',
  run: async ({ data, seed, progress }): Promise<Findings> => {
    const traces = developmentTraces(data);
    if ('problem' in traces) return { figures: [], notes: [], skipped: traces.problem };
    const replays: Replay[] = [];
    for (const world of WORLDS) {
      progress(`${world.arrivals}, ${world.startup}`);
      replays.push(await replay(traces, { ...world, seed }));
    }
    progress('speed');
    const speed = contenderSpeed(seed);
    return {
      figures: [...replays.flatMap(costs), ...resources(replays), ...speed.figures],
      tables: [...replays.map(summaryTable), speed.table],
      notes: [
        'Cost is replica-seconds ÷ those of an oracle that pays no start-up; in brackets the 95 % interval of the median, from a bootstrap that draws whole sources.',
        'Objective: at most 1 % of the requests wait longer than 300 ms. Every contender has one setting, chosen on the first week as the cheapest value that met it.',
        `Traces and seed are fixed (bench/development-traces.ts); configuration ${replays.map(({ result }) => result.config.hash.slice(0, 12)).join(', ')}.`,
        'These are the traces that everything was developed on: no proof for other loads.',
      ],
    };
  },
};

async function replay(
  traces: readonly string[],
  { arrivals, startup, seed }: { arrivals: string; startup: string; seed: number },
): Promise<Replay> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-autoscaling-'));
  const file = join(folder, 'result.json');
  const world = ['--arrivals', arrivals, '--startup', startup, '--seed', String(seed)];
  const inputs = traces.flatMap((trace) => ['--input', trace]);
  const output = ['--rivals', 'reference', '-o', 'json', '--output-file', file];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'backtest', ...inputs, ...world, ...output], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let memory = 0;
  const poll = setInterval(() => {
    const tree = child.pid === undefined ? [] : processTree(child.pid);
    memory = Math.max(memory, ...tree.map(({ rss }) => rss));
  }, MEMORY_POLL_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(poll);
  if (code !== 0) throw new Error(`the backtest ended with ${code}`);
  const result = JSON.parse(readFileSync(file, 'utf8')) as BacktestResult;
  await rm(folder, { recursive: true });
  const seconds = (performance.now() - startedAt) / 1000;
  return { title: `${arrivals} arrivals, start-up ${startup}`, result, seconds, memory };
}

function costs({ title, result }: Replay): readonly Figure[] {
  const ours = result.summary.find(({ name }) => name === 'autonomic');
  if (ours === undefined) throw new Error('the result lacks autonomic');
  const from = `${ours.traces} traces`;
  return [
    { name: `cost over oracle, ${title}`, value: ours.medianCostOverOracle, unit: '×', from },
    { name: `share meeting the objective, ${title}`, value: ours.shareMeetingTarget, unit: '', from },
  ];
}

function resources(replays: readonly Replay[]): readonly Figure[] {
  const slowest = replays.reduce((a, b) => (b.seconds > a.seconds ? b : a));
  const from = `${slowest.result.traces.length} traces × ${slowest.result.config.contenders.length} contenders, tuning included`;
  return [
    { name: 'one backtest, longest of four', value: slowest.seconds / 60, unit: 'min', from },
    {
      name: 'its memory (RSS)',
      value: Math.max(...replays.map(({ memory }) => memory)),
      unit: 'MiB',
      goal: { atMost: 1024 },
      from: 'largest seen, all threads',
    },
  ];
}

function summaryTable({ title, result }: Replay): Table {
  return {
    title: `${title[0]!.toUpperCase()}${title.slice(1)}:`,
    columns: [
      'contender',
      'cost [95 %]',
      'mean',
      'met',
      'slow',
      'bad windows',
      'changes/day',
      'ours ÷ it',
      'p',
    ],
    rows: result.summary.map(row),
  };
}

function row(summary: ContenderSummary): readonly string[] {
  const { comparison } = summary;
  return [
    summary.name,
    withInterval(summary.medianCostOverOracle, summary.interval95),
    summary.meanCostOverOracle.toFixed(2),
    percent(summary.shareMeetingTarget, 0),
    percent(summary.medianBadRequestShare, 2),
    percent(summary.medianBadWindowShare, 1),
    summary.medianActionsPerDay.toFixed(0),
    comparison === undefined ? '' : withInterval(comparison.costRatio, comparison.interval95),
    comparison?.pValue?.toFixed(2) ?? '',
  ];
}

function withInterval(value: number, interval: readonly [number, number] | undefined): string {
  const range = interval === undefined ? '' : ` [${interval[0].toFixed(2)}, ${interval[1].toFixed(2)}]`;
  return `${value.toFixed(2)}${range}`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}
