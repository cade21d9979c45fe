import { stringify } from 'yaml';

import type { DecisionQuery, RecordedDecisions } from '../adapters/lancedb/decision-query.ts';
import { decisionDocument, decisionTable, wideDecisionTable } from './decision-view.ts';
import { rawFlags } from './raw-flags.ts';
import { UsageError, type Terminal, type Verb } from './verb.ts';

const FORMATS = ['table', 'wide', 'json', 'yaml'] as const;
type Format = (typeof FORMATS)[number];

/** Where the operator's container has it, so that `kubectl exec` needs no flag. */
const DEFAULT_STORE = '/var/lib/autonomic/knowledge';

const MAX_LIMIT = 10_000;

const HELP = `Show recorded decisions, newest first, with what came of them.

Reads the operator's LanceDB store directly; the operator may be running. The store is a folder of the
operator's volume, or in object storage if it was configured so.

Usage:
  kubectl autonomic decisions [--store DIR] [-n NAMESPACE] [--policy NAME] [--limit N] [-o FORMAT]

Flags:
      --store DIR        folder or URI (s3://…, gs://…, az://…) of the store; default ${DEFAULT_STORE}
  -n, --namespace NAME   only policies of this namespace; default all
      --policy NAME      only policies of this name
      --limit N          how many at most, 1 to ${MAX_LIMIT}; default 20
  -o, --output FORMAT    table, wide, json or yaml; default table
  -h, --help             this text

Columns:
  ACTION    what was decided, with the replicas before and after
  WHY       the decision's own sentence (cut in table, whole in wide)
  EXPECTED BAD, PRICE (wide)
            where the requests of the objective decided: the share of them expected to be bad with one replica
            fewer, as decided, and one more; and what a bad one counts (15 is usual, more after too many bad ones)
  OUTCOME   Met, Violated: the objective, measured over the window after the change
            Unmeasured: too little data for a verdict   Superseded: the next decision came first
            UndoneByPerson: somebody changed the replicas   Pending: the window is still open
            Aborted: the change was not made, and why   NotCarriedOut: Preview, or a guard objected

Examples:
  # Inside the operator's container
  kubectl exec -n autonomic-system deploy/autonomic -- node /app/dist/cli/kubectl-autonomic.js decisions

  # One policy, everything known, for a program
  kubectl autonomic decisions --store ./knowledge -n shop --policy web -o json
`;

interface Options {
  readonly store: string;
  readonly query: DecisionQuery;
  readonly format: Format;
}

export const decisions: Verb = {
  name: 'decisions',
  summary: 'Recorded decisions with their reasons and measured outcomes',
  help: HELP,
  async run(args, terminal) {
    const options = parseOptions(args);
    const found = await read(options);
    print(found, options, terminal);
  },
};

const OPTIONS = {
  store: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  policy: { type: 'string' },
  limit: { type: 'string' },
  output: { type: 'string', short: 'o' },
} as const;

function parseOptions(args: readonly string[]): Options {
  const given = rawFlags(args, { options: OPTIONS }).values;
  const { store = DEFAULT_STORE, namespace, policy, limit = '20', output = 'table' } = given;
  if (store === '') throw new UsageError('--store is empty: give the folder or URI of the store');
  if (!/^\d{1,6}$/.test(limit) || Number(limit) < 1 || Number(limit) > MAX_LIMIT) {
    throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}, found "${limit}"`);
  }
  const format = FORMATS.find((known) => known === output);
  if (format === undefined) {
    throw new UsageError(`--output must be table, wide, json or yaml, found "${output}"`);
  }
  const query = {
    limit: Number(limit),
    ...(namespace !== undefined && { namespace }),
    ...(policy !== undefined && { policy }),
  };
  return { store, query, format };
}

async function read({ store, query }: Options): Promise<RecordedDecisions> {
  // LanceDB writes warnings to standard error as soon as it is loaded, and takes a third of a second for it.
  process.env['LANCE_LOG'] ??= 'error';
  process.env['RUST_LOG'] ??= 'error';
  const { readDecisions } = await import('../adapters/lancedb/reader.ts');
  try {
    return await readDecisions({ uri: store }, query);
  } catch (error) {
    const hint =
      'give the store of the operator with --store; the operator makes it when it starts, and repairs it';
    throw new Error(`cannot read the store ${store}: ${(error as Error).message}; ${hint}`, { cause: error });
  }
}

function print(found: RecordedDecisions, { format, query, store }: Options, terminal: Terminal): void {
  if (found.corruptRows > 0) {
    terminal.err(`warning: ${found.corruptRows} damaged rows were left out\n`);
  }
  if (format === 'json' || format === 'yaml') {
    const document = { decisions: found.decisions.map(decisionDocument) };
    terminal.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document));
    return;
  }
  if (found.decisions.length === 0) {
    terminal.err(
      `No decisions${restriction(query)} in ${store} yet. A policy records one when it wants other replicas than there are; they arrive within a minute.\n`,
    );
    return;
  }
  terminal.out(format === 'wide' ? wideDecisionTable(found.decisions) : decisionTable(found.decisions));
}

function restriction({ namespace, policy }: DecisionQuery): string {
  return `${policy === undefined ? '' : ` of policy "${policy}"`}${namespace === undefined ? '' : ` in namespace "${namespace}"`}`;
}
