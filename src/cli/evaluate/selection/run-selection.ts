import { basename } from 'node:path';
import { whatIf } from '../../../loop/knowledge/off-policy/what-if.ts';
import { SELECTION_FEATURES } from '../../../loop/plan/selection/selection-memory.ts';
import { InputError, type Terminal } from '../../verb.ts';
import { readBanditLogs } from './bandit-logs.ts';
import { readRecordedWindows } from './recorded-windows.ts';
import { parseSelectionFlags, type SelectionSource } from './selection-flags.ts';
import { judge, type StrategyValue } from './selection-result.ts';
import { selectionTable } from './selection-table.ts';

/** @throws UsageError, InputError */
export async function runSelection(args: readonly string[], terminal: Terminal): Promise<void> {
  const { source, format } = parseSelectionFlags(args);
  const values = source.kind === 'Logs' ? [judgeLogs(source)] : await judgeJournal(source);
  for (const { record, strategy, refused, problem } of values) {
    if (refused > 0)
      terminal.err(
        `warning: ${record}, ${strategy}: ${refused} choices left out, the first because ${problem ?? ''}\n`,
      );
  }
  terminal.out(format === 'json' ? `${JSON.stringify({ values }, null, 2)}\n` : selectionTable(values));
}

function judgeLogs({ log, target }: Extract<SelectionSource, { kind: 'Logs' }>): StrategyValue {
  const { choices, truth } = readBanditLogs(log, target);
  return { ...judge(basename(log), basename(target), choices), truth: truth.clicks / truth.choices };
}

async function judgeJournal(
  source: Extract<SelectionSource, { kind: 'Journal' }>,
): Promise<readonly StrategyValue[]> {
  const records = await readRecordedWindows(source);
  if (records.length === 0) {
    const whose = source.policy === undefined ? '' : ` of ${source.policy}`;
    throw new InputError(
      `${source.folder} has no window${whose} whose policy was selected: does the policy have spec.selection, and has a window ended since?`,
    );
  }
  return records.flatMap(({ policy, uid, arms, choices }) =>
    source.strategies.map((name) =>
      judge(policy, name, whatIf(choices, { name }, { owner: uid, arms, features: SELECTION_FEATURES })),
    ),
  );
}
