import { parseChoice, parseDuration } from '../backtest/flag-values.ts';
import { parsePastTime } from '../past-time.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError } from '../verb.ts';
import type { EntryFilter } from './entry-filter.ts';

const FORMATS = ['table', 'json', 'jsonl', 'yaml'] as const;

export interface DumpFlags {
  readonly folder: string;
  readonly wanted: EntryFilter;
  readonly format: (typeof FORMATS)[number];
}

const text = { type: 'string' } as const;
const OPTIONS = {
  kind: { type: 'string', multiple: true },
  decision: text,
  policy: text,
  namespace: { type: 'string', short: 'n' },
  since: text,
  output: { type: 'string', short: 'o' },
} as const;

const YEARS = 10 * 366 * 86_400;

/** @throws UsageError */
export function parseDumpFlags(args: readonly string[], now: number): DumpFlags {
  const { values, positionals } = rawFlags(args, { options: OPTIONS, allowPositionals: true });
  const [folder, extra] = positionals;
  if (folder === undefined || folder === '') {
    throw new UsageError('name the folder of a journal, such as /var/lib/autonomic/journal');
  }
  if (extra !== undefined) throw new UsageError(`unexpected argument "${extra}" after the folder`);
  const { kind: kinds = [], decision, policy, namespace, since, output = 'table' } = values;
  if (kinds.includes('')) throw new UsageError('--kind is empty: name a kind of record such as Intent');
  return {
    folder,
    wanted: {
      ...(kinds.length === 0 ? {} : { kinds: new Set(kinds) }),
      ...(decision === undefined ? {} : { decision }),
      ...(policy === undefined ? {} : { policy }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(since === undefined ? {} : { since: parseSince(since, now) }),
    },
    format: parseChoice('--output', output, FORMATS),
  };
}

function parseSince(since: string, now: number): number {
  if (/^[\d.]+[a-z]+$/.test(since)) {
    return now - 1000 * parseDuration('--since', since, { least: 1, most: YEARS });
  }
  return parsePastTime('--since', since, now);
}
