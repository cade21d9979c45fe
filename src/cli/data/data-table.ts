import type {
  DataReport,
  FeatureReport,
  Finding,
  WorkloadReport,
} from '../../loop/knowledge/dataset/data-report.ts';
import { GAPS_SHOWN } from '../../loop/knowledge/dataset/dataset.ts';
import type { Gap } from '../../loop/knowledge/dataset/minute-grid.ts';
import { formatDuration } from '../backtest/flag-values.ts';
import { ellipsis, formatTable } from '../table.ts';

/** More would not fit on a screen: a line for each instead. */
const MAX_WHOLE = 2;
const WARNINGS_SHOWN = 8;
const NOTE_LENGTH = 60;

/** Columns of the table say these. */
const IN_COLUMNS: ReadonlySet<Finding['code']> = new Set(['Duplicates', 'Late', 'Resets']);

export function dataTable(report: DataReport): string {
  const { version, hash } = report.schema;
  const head = `feature schema ${version} (${hash}), a row for each minute\n`;
  const { workloads } = report;
  return workloads.length > MAX_WHOLE
    ? `${head}\n${summaryTable(workloads)}`
    : `${head}\n${workloads.map(workloadText).join('\n')}`;
}

function summaryTable(workloads: readonly WorkloadReport[]): string {
  const rows = workloads.map((each) => [
    nameOf(each),
    timeText(each.from),
    lengthOf(each.rows),
    percent(each.coverage),
    each.verdict.usable ? 'usable' : 'not usable',
    String(each.verdict.warnings.length),
    ellipsis(each.verdict.reasons[0]?.message ?? '', NOTE_LENGTH),
  ]);
  return formatTable(['WORKLOAD', 'FROM (UTC)', 'LENGTH', 'KNOWN', 'VERDICT', 'WARNINGS', 'WHY'], rows);
}

function workloadText(report: WorkloadReport): string {
  const { from, to, rows, coverage, features, verdict } = report;
  const span = `${timeText(from)} to ${timeText(to)} UTC (${lengthOf(rows)})`;
  const shown = features.filter(({ state }) => state !== 'Absent');
  const gaps = gapSentence(report.gaps);
  return [
    `${nameOf(report)}: ${span}, ${percent(coverage)} of what is measured is known\n`,
    gaps === undefined ? '' : `${gaps}\n`,
    '\n',
    formatTable(
      ['FEATURE', 'UNIT', 'KNOWN', 'EVERY', 'GAPS', 'LONGEST', 'REPEATED', 'LATE', 'RESETS', 'PSI'],
      shown.map(featureCells),
    ),
    absentLines(features),
    '\n',
    verdictText(verdict),
  ].join('');
}

function featureCells(report: FeatureReport): string[] {
  const { feature, unit } = report;
  if (report.state === 'Absent') return [feature, unit, '<none>'];
  if (report.state === 'Derived') return [feature, unit, percent(report.coverage), 'derived'];
  const { counts, cadence, gaps, drift } = report;
  return [
    feature,
    unit,
    percent(report.coverage),
    Number.isNaN(cadence.seconds) ? '' : formatDuration(cadence.seconds),
    gaps.length < GAPS_SHOWN ? String(gaps.length) : `${GAPS_SHOWN}+`,
    longestOf(gaps),
    String(counts.duplicates + counts.conflicts),
    String(counts.late),
    String(counts.resets),
    drift === undefined ? '' : drift.psi.toFixed(2),
  ];
}

function longestOf(gaps: readonly Gap[]): string {
  const longest = Math.max(0, ...gaps.map(({ from, to }) => to - from));
  return longest === 0 ? '' : lengthOf(longest / 60_000);
}

function absentLines(features: readonly FeatureReport[]): string {
  const byWhy = new Map<string, string[]>();
  for (const report of features) {
    if (report.state !== 'Absent') continue;
    byWhy.set(report.why, [...(byWhy.get(report.why) ?? []), report.feature]);
  }
  const lines = [...byWhy].map(([why, names]) => `unknown: ${names.join(', ')}: ${why}\n`);
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

function gapSentence(gaps: readonly Gap[]): string | undefined {
  const [longest] = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from));
  if (longest === undefined) return undefined;
  const count = gaps.length === 1 ? 'once' : `${gaps.length} times`;
  return `nothing was measured ${count}, longest from ${timeText(longest.from)} to ${timeText(longest.to)} UTC`;
}

function verdictText({ usable, reasons, warnings }: WorkloadReport['verdict']): string {
  const head = usable ? 'Usable for training.\n' : 'Not usable for training:\n';
  const told = warnings.filter(({ code }) => !IN_COLUMNS.has(code));
  const shown = told.slice(0, WARNINGS_SHOWN);
  const more = told.length - shown.length;
  return [
    head,
    ...reasons.map(({ message }) => `  ${message}\n`),
    ...(shown.length === 0 ? [] : ['To know:\n']),
    ...shown.map(({ message }: Finding) => `  ${message}\n`),
    ...(more > 0 ? [`  and ${more} more, see -o json\n`] : []),
  ].join('');
}

function nameOf({ namespace, policy }: WorkloadReport): string {
  return namespace === '' ? policy : `${namespace}/${policy}`;
}

function percent(share: number): string {
  // Never 100 % when something is missing.
  return `${Math.floor(1000 * share) / 10} %`;
}

/** `13d 4h`, `35m`: the two largest units. */
function lengthOf(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [Math.round(minutes % 60), 'm'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? '0m' : shown.map(([count, unit]) => `${count}${unit}`).join(' ');
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}
