import type { SizingContender } from '../../simulate/sizing/sizing-contender.ts';
import { SIZING_CONTENDERS } from '../../simulate/sizing/sizing-contenders.ts';
import { replaySizing } from '../../simulate/sizing/sizing-replay.ts';
import type { SizingResult } from '../../simulate/sizing/sizing-result.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError, type Terminal, type Verb } from '../verb.ts';
import { parseChoice, parseDuration } from './flag-values.ts';
import { readSizingSeries } from './sizing-input.ts';
import { sizingTable, wideSizingTable } from './sizing-table.ts';

const FORMATS = ['table', 'wide', 'json'] as const;
const RENDER: Readonly<Record<(typeof FORMATS)[number], (result: SizingResult) => string>> = {
  table: sizingTable,
  wide: wideSizingTable,
  json: (result) => `${JSON.stringify(result, null, 2)}\n`,
};
const HOUR = 3600;
const LONGEST_WARMUP_SECONDS = 365 * 24 * HOUR;

const HELP = `Replay what a container used under the requests that the usual right-sizers would have chosen for it:
how much would be wasted, how often would it be throttled or killed for want of memory, how often restarted?

Usage:
  kubectl autonomic backtest sizing --input FILE|FOLDER… [flags]

Flags:
      --input PATH        CSV or CSV.gz, one container each, or a folder of them; may be repeated. Header
                          "timestamp,cpu_used,cpu_requested,memory_used,memory_requested": cores and bytes
      --skip-bad-rows     leave out rows that cannot be used and count them, instead of refusing the file
      --contenders LIST   all, or names with commas: ${SIZING_CONTENDERS.map(({ name }) => name).join(', ')}; default all
      --warmup DURATION   start of each series in which contenders only measure, at most 40 % of it; default 7d
  -o, --output FORMAT     table, wide (each series) or json; default table
  -h, --help              this text
`;

export const sizing: Verb = {
  name: 'backtest sizing',
  summary: 'Replay the use of containers: what would right-sizers have requested for them?',
  help: HELP,
  run(args, terminal) {
    runSizing(args, terminal);
    return Promise.resolve();
  },
};

/** @throws UsageError, InputError */
export function runSizing(args: readonly string[], terminal: Terminal): void {
  const flags = parseFlags(args);
  const warn = (message: string): void => terminal.err(`warning: ${message}\n`);
  const series = readSizingSeries(flags, warn);
  const result = replaySizing(series, flags.contenders, flags.warmupSeconds);
  terminal.out(RENDER[flags.format](result));
}

const OPTIONS = {
  input: { type: 'string', multiple: true },
  'skip-bad-rows': { type: 'boolean' },
  contenders: { type: 'string' },
  warmup: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

interface SizingFlags {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
  readonly contenders: readonly SizingContender[];
  readonly warmupSeconds: number | undefined;
  readonly format: (typeof FORMATS)[number];
}

function parseFlags(args: readonly string[]): SizingFlags {
  const given = rawFlags(args, { options: OPTIONS }).values;
  const { input = [], contenders = 'all', warmup, output = 'table', ...values } = given;
  if (input.length === 0) throw new UsageError('--input is missing: name a CSV file or a folder of them');
  return {
    paths: input,
    skipBadRows: values['skip-bad-rows'] ?? false,
    contenders: chosen(contenders),
    warmupSeconds:
      warmup === undefined
        ? undefined
        : parseDuration('--warmup', warmup, { least: HOUR, most: LONGEST_WARMUP_SECONDS }),
    format: parseChoice('--output', output, FORMATS),
  };
}

/** In the order of the table, each once. */
function chosen(list: string): readonly SizingContender[] {
  if (list === 'all') return SIZING_CONTENDERS;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !SIZING_CONTENDERS.some((known) => known.name === name));
  if (unknown !== undefined) {
    const known = SIZING_CONTENDERS.map(({ name }) => name).join(', ');
    throw new UsageError(`--contenders: "${unknown}" is unknown; known are: all, ${known}`);
  }
  return SIZING_CONTENDERS.filter(({ name }) => names.includes(name));
}
