import { parseChoice } from '../backtest/flag-values.ts';
import type { AccessFlags } from '../cluster-access.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError } from '../verb.ts';
import type { ViewOptions } from './policy-view.ts';

const FORMATS = ['text', 'json', 'yaml'] as const;

export interface ExplainFlags extends AccessFlags {
  /** Undefined is every policy of the namespace, shortly. */
  readonly policy?: string;
  /** Undefined is that of the context. */
  readonly namespace?: string;
  readonly decisions: ViewOptions['decisions'];
  readonly format: (typeof FORMATS)[number];
}

const text = { type: 'string' } as const;
const OPTIONS = {
  namespace: { type: 'string', short: 'n' },
  output: { type: 'string', short: 'o' },
  decision: text,
  all: { type: 'boolean' },
  kubeconfig: text,
  context: text,
} as const;

/** A name of an object: it becomes part of a path. */
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** @throws UsageError */
export function parseFlags(args: readonly string[]): ExplainFlags {
  const { values, positionals } = rawFlags(args, { options: OPTIONS, allowPositionals: true });
  const [policy, extra] = positionals;
  if (extra !== undefined)
    throw new UsageError(`unexpected argument "${extra}" after the name of the policy`);
  const { decision, all, output = 'text', ...cluster } = values;
  checkName('the name of a policy', policy);
  checkName('--namespace', cluster.namespace);
  return {
    ...cluster,
    ...(policy === undefined ? {} : { policy }),
    decisions: choiceOf(policy, decision, all ?? false),
    format: parseChoice('--output', output, FORMATS),
  };
}

function choiceOf(
  policy: string | undefined,
  decision: string | undefined,
  all: boolean,
): ExplainFlags['decisions'] {
  if (decision !== undefined && all)
    throw new UsageError('--decision and --all cannot be combined: give one');
  if (policy === undefined && (decision !== undefined || all))
    throw new UsageError(`${all ? '--all' : '--decision'} is about the decisions of one policy: name it`);
  if (decision !== undefined) return { id: decision };
  return all ? 'All' : 'Last';
}

function checkName(what: string, name: string | undefined): void {
  if (name === undefined || NAME.test(name)) return;
  throw new UsageError(`${what} must be lower-case letters, digits, '-' and '.', found "${name}"`);
}
