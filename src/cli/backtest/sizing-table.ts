import type { SizingResult } from '../../simulate/sizing/sizing-result.ts';
import { formatTable } from '../table.ts';

/** A line for each contender, over all series. */
export function sizingTable({ summary, series, caveats }: SizingResult): string {
  const table = formatTable(
    [
      'CONTENDER',
      'CPU SLACK',
      'MEMORY SLACK',
      'THROTTLED',
      'OOM KILLS',
      'CHANGES/DAY',
      'CPU REQUESTED',
      'MEMORY REQUESTED',
    ],
    summary.map((row) => [
      row.title,
      percent(row.medianCpuSlack),
      percent(row.medianMemorySlack),
      percent(row.medianThrottledTimeShare),
      row.outOfMemoryEvents === 0 ? '0' : `${row.outOfMemoryEvents} in ${row.seriesWithOutOfMemory} series`,
      row.medianChangesPerDay.toFixed(1),
      percent(row.cpuOverProvisioned),
      percent(row.memoryOverProvisioned),
    ]),
  );
  const days = series.reduce((sum, { scoredHours }) => sum + scoredHours, 0) / 24;
  return `${table}\nMedians over ${series.length} series of ${days.toFixed(1)} scored days together; requested: of all series, as a share of what was provisioned.\n${notes(caveats)}`;
}

/** A line for each contender and series. */
export function wideSizingTable({ summary, series, caveats }: SizingResult): string {
  const titles = new Map(summary.map(({ name, title }) => [name, title]));
  const table = formatTable(
    [
      'SERIES',
      'CONTENDER',
      'CPU SLACK',
      'MEMORY SLACK',
      'THROTTLED',
      'OOM KILLS',
      'OOM TIME',
      'CHANGES',
      'CORE HOURS',
      'GIB HOURS',
    ],
    series.flatMap(({ name, contenders }) =>
      contenders.map((row) => [
        name,
        titles.get(row.name) ?? row.name,
        percent(row.cpuSlack),
        percent(row.memorySlack),
        percent(row.throttledTimeShare),
        String(row.outOfMemoryEvents),
        percent(row.outOfMemoryTimeShare),
        String(row.changes),
        row.coreHours.toFixed(1),
        row.gibHours.toFixed(1),
      ]),
    ),
  );
  return `${table}\n${notes(caveats)}`;
}

function notes(caveats: readonly string[]): string {
  return caveats.map((caveat) => `- ${caveat}\n`).join('');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
