import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import { short } from './statistics.ts';
import { meets, type Figure, type Findings, type Goal, type Table } from './suite.ts';

export interface SuiteResult extends Findings {
  readonly suite: string;
  readonly title: string;
  /** The machine's state belongs to each result: hours may lie between two suites. */
  readonly machine: Machine;
  readonly seed: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** Writes `<time>-<suites>.json` and `.md`; returns their paths. */
export function writeReport(directory: string, results: readonly SuiteResult[]): readonly string[] {
  mkdirSync(directory, { recursive: true });
  const time = (results[0]?.startedAt ?? '').replaceAll(/[-:]|\.\d+/g, '');
  const stem = join(directory, `${time}-${results.map(({ suite }) => suite).join('-')}`);
  const files = [
    [`${stem}.json`, `${JSON.stringify(results, null, 2)}\n`],
    [`${stem}.md`, markdown(results)],
  ] as const;
  for (const [path, content] of files) writeFileSync(path, content);
  return files.map(([path]) => path);
}

export function markdown(results: readonly SuiteResult[]): string {
  return results.map(section).join('\n');
}

function section({ title, machine, seed, startedAt, seconds, ...findings }: SuiteResult): string {
  const { cpu, cores, memoryGiB, kernel, node, commit, loadBefore } = machine;
  const lines = [
    `## ${title}\n`,
    `${startedAt}, ${seconds} s; commit ${commit}, seed ${seed}; ${cpu}, ${cores} cores, ${memoryGiB} GiB, ` +
      `Linux ${kernel}, Node ${node}; load before ${loadBefore.join(' ')}\n`,
  ];
  if (findings.skipped !== undefined) lines.push(`Skipped: ${findings.skipped}\n`);
  if (findings.figures.length > 0) lines.push(figureTable(findings.figures));
  for (const table of findings.tables ?? []) lines.push(`${table.title}\n`, tableText(table));
  if (findings.notes.length > 0) lines.push(`${findings.notes.map((note) => `* ${note}`).join('\n')}\n`);
  return lines.join('\n');
}

function figureTable(figures: readonly Figure[]): string {
  return tableText({
    title: '',
    columns: ['figure', 'measured', 'goal', 'met', 'from'],
    rows: figures.map((figure) => [
      figure.name,
      amount(figure.value, figure.unit),
      figure.goal === undefined ? '' : goalText(figure.goal, figure.unit),
      { true: 'yes', false: '**no**', undefined: '' }[String(meets(figure))] ?? '',
      figure.from,
    ]),
  });
}

function goalText(goal: Goal, unit: string): string {
  return 'atMost' in goal ? `≤ ${amount(goal.atMost, unit)}` : `≥ ${amount(goal.atLeast, unit)}`;
}

function amount(value: number, unit: string): string {
  return unit === '' ? short(value) : `${short(value)} ${unit}`;
}

/** Columns are padded, so that the same text is readable in a terminal. */
function tableText({ columns, rows }: Table): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${[line(columns), rule, ...rows.map(line)].join('\n')}\n`;
}
