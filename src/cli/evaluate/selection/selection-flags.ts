import { STRATEGIES } from '../../../api/spec/selection.ts';
import { parseChoice, parseWhole } from '../../backtest/flag-values.ts';
import { rawFlags } from '../../raw-flags.ts';
import { UsageError } from '../../verb.ts';

const FORMATS = ['table', 'json'] as const;

export type StrategyChoice = (typeof STRATEGIES)[number];

/** What is judged: the choices of policies, or a bandit's log by another one. */
export type SelectionSource =
  | {
      readonly kind: 'Journal';
      readonly folder: string;
      readonly policy?: string;
      readonly strategies: readonly StrategyChoice[];
      /** Percent that the other strategy tries arms with that it does not believe the best. */
      readonly explore: number;
    }
  | { readonly kind: 'Logs'; readonly log: string; readonly target: string };

export interface SelectionFlags {
  readonly source: SelectionSource;
  readonly format: (typeof FORMATS)[number];
}

const text = { type: 'string' } as const;
const OPTIONS = {
  journal: text,
  policy: text,
  strategy: { type: 'string', multiple: true },
  explore: text,
  log: text,
  target: text,
  output: { type: 'string', short: 'o' },
} as const;

/** @throws UsageError */
export function parseSelectionFlags(args: readonly string[]): SelectionFlags {
  const { values } = rawFlags(args, { options: OPTIONS });
  const { output = 'table', ...words } = values;
  const logs = words.log !== undefined || words.target !== undefined;
  return {
    source: logs ? logsOf(words) : journalOf(words),
    format: parseChoice('--output', output, FORMATS),
  };
}

interface Words {
  readonly journal?: string | undefined;
  readonly policy?: string | undefined;
  readonly strategy?: readonly string[] | undefined;
  readonly explore?: string | undefined;
  readonly log?: string | undefined;
  readonly target?: string | undefined;
}

function logsOf({ log, target, ...others }: Words): SelectionSource {
  if (Object.values(others).some((value) => value !== undefined))
    throw new UsageError('--log and --target are about another bandit’s logs: use them alone');
  if (!log || !target)
    throw new UsageError('a log is judged by another one: name both, --log FILE and --target FILE');
  return { kind: 'Logs', log, target };
}

function journalOf({ journal, policy, strategy, explore = '0' }: Words): SelectionSource {
  if (!journal)
    throw new UsageError('nothing to judge: name the folder of a journal with --journal, or two logs');
  if (policy !== undefined && !/^[^/]+\/[^/]+$/.test(policy))
    throw new UsageError(`--policy must be NAMESPACE/NAME, found "${policy}"`);
  return {
    kind: 'Journal',
    folder: journal,
    ...(policy === undefined ? {} : { policy }),
    strategies: strategy?.map((word) => parseChoice('--strategy', word, STRATEGIES)) ?? STRATEGIES,
    explore: parseWhole('--explore', explore, { least: 0, most: 100 }),
  };
}
