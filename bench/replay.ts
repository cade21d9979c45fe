import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BacktestResult, ContenderSummary } from '../src/simulate/backtest-result.ts';
import { processTree } from './memory.ts';

const PROGRAM = join(import.meta.dirname, '../src/cli/kubectl-autonomic.ts');
const MEMORY_POLL_MS = 500;

/** What differs from the protocol of docs/backtest.md. */
export interface World {
  readonly title: string;
  /** Of the command line. */
  readonly flags: readonly string[];
  /** As `--rivals` has it. */
  readonly rivals: string;
}

export interface Replay {
  readonly title: string;
  readonly result: BacktestResult;
  readonly seconds: number;
  /** Largest resident memory seen, MiB. */
  readonly memory: number;
}

/** One backtest by the product's own program, in a process of its own. */
export async function replay(traces: readonly string[], world: World, seed: number): Promise<Replay> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-autoscaling-'));
  const file = join(folder, 'result.json');
  const inputs = traces.flatMap((trace) => ['--input', trace]);
  const flags = ['--seed', String(seed), ...world.flags, '--rivals', world.rivals];
  const output = ['-o', 'json', '--output-file', file];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'backtest', ...inputs, ...flags, ...output], {
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
  return { title: world.title, result, seconds: (performance.now() - startedAt) / 1000, memory };
}

export const COLUMNS = [
  'contender',
  'cost [95 %]',
  'mean',
  'met',
  'slow',
  'bad windows',
  'changes/day',
  'ours ÷ it',
  'p',
  'hours worse',
  'hours better',
] as const;

/** One contender over all traces, in the order of COLUMNS. */
export function summaryRow(summary: ContenderSummary): readonly string[] {
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
    comparison?.hoursWorse === undefined ? '' : percent(comparison.hoursWorse, 1),
    comparison?.hoursBetter === undefined ? '' : percent(comparison.hoursBetter, 1),
  ];
}

function withInterval(value: number, interval: readonly [number, number] | undefined): string {
  const range = interval === undefined ? '' : ` [${interval[0].toFixed(2)}, ${interval[1].toFixed(2)}]`;
  return `${value.toFixed(2)}${range}`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** What every table of replays needs beside it. */
export function notesOf(replays: readonly Replay[]): readonly string[] {
  return [
    'Cost is replica-seconds ÷ those of an oracle that pays no start-up: the median over traces, in brackets the 95 % interval of the median, from a bootstrap that draws whole sources; then the mean.',
    'Objective: at most 1 % of the requests wait longer than 300 ms, where nothing else is said. Rivals have one setting each, chosen on the first week as the cheapest value that met it; ours have none.',
    'Hours worse: the share of all hours in which `autonomic` had at least one slow request more than this contender and was not cheaper; hours better: the reverse.',
    `Traces and seed are fixed (bench/development-traces.ts); configuration ${replays.map(({ result }) => result.config.hash.slice(0, 12)).join(', ')}.`,
    'These are the traces that everything was developed on: no proof for other loads.',
  ];
}
