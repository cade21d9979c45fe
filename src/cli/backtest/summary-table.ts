import type { BacktestResult, ContenderResult, ContenderSummary } from '../../simulate/backtest-result.ts';
import { chosenKnobs } from '../../simulate/report/chosen-knobs.ts';
import {
  formatCostChange,
  formatCount,
  formatInterval,
  formatKnob,
  formatOf,
  formatPValue,
  formatRatio,
  formatShare,
} from '../../simulate/report/format.ts';
import { verdictOf } from '../../simulate/report/verdict.ts';
import { formatTable } from '../table.ts';

/** kubectl's word for what there is not. */
const NONE = '<none>';

/** The contenders over all traces, and what that means; `wide` puts every trace's own results before it. */
export function summaryTable(result: BacktestResult, format: 'table' | 'wide'): string {
  const { sentence, notes } = verdictOf(result);
  const table = formatTable(
    [
      'CONTENDER',
      'KNOB',
      'COST/ORACLE',
      '95 %',
      'MET',
      'SLOW',
      'BAD WINDOWS',
      'ACTIONS/DAY',
      'AUTONOMIC COSTS',
    ],
    result.summary.map((row) => summaryRow(row, result)),
  );
  const words = [sentence, ...notes].join('\n');
  return format === 'wide' ? `${traceTable(result)}\n${table}\n${words}\n` : `${table}\n${words}\n`;
}

function summaryRow(row: ContenderSummary, { traces }: BacktestResult): string[] {
  return [
    row.name,
    chosenKnobs(traces, row.name)?.range ?? NONE,
    formatRatio(row.medianCostOverOracle),
    row.interval95 === undefined ? NONE : formatInterval(row.interval95),
    formatOf(row.shareMeetingTarget, row.traces),
    formatShare(row.medianBadRequestShare),
    formatShare(row.medianBadWindowShare),
    formatCount(row.medianActionsPerDay),
    comparisonText(row),
  ];
}

function comparisonText({ comparison }: ContenderSummary): string {
  if (comparison === undefined) return NONE;
  const { costRatio, pValue } = comparison;
  const change = formatCostChange(costRatio);
  return pValue === undefined ? change : `${change} (${formatPValue(pValue)})`;
}

function traceTable({ traces }: BacktestResult): string {
  return formatTable(
    [
      'TRACE',
      'CONTENDER',
      'KNOB',
      'COST/ORACLE',
      'MET',
      'SLOW',
      'BAD WINDOWS',
      'ACTIONS/DAY',
      'SHORT',
      'SPARE',
    ],
    traces.flatMap(({ name, contenders }) => contenders.map((contender) => [name, ...traceRow(contender)])),
  );
}

/** Short and spare: missing and superfluous replicas relative to need (θ_U and θ_O). */
function traceRow(result: ContenderResult): string[] {
  return [
    result.name,
    result.knob === undefined ? NONE : formatKnob(result.knob),
    formatRatio(result.costOverOracle),
    result.meetsTarget ? 'yes' : 'no',
    formatShare(result.badRequestShare),
    formatShare(result.badWindowShare),
    formatCount(result.actionsPerDay),
    formatShare(result.elasticity.underAccuracy),
    formatShare(result.elasticity.overAccuracy),
  ];
}
