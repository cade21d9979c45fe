import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NabWindow } from '../src/cli/evaluate/anomaly/score/nab-windows.ts';

/** One labelled series of the Numenta Anomaly Benchmark. */
export interface NabSeries {
  readonly name: string;
  /** Series of one kind: held out together. */
  readonly group: string;
  /** Unix seconds, as they are in the file: rows are missing, and one hour comes twice. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** As published. */
  readonly windows: readonly NabWindow[];
}

/** All series with labels in `<data>/nab`, or why there are none. */
export function nabSeries(data: string): readonly NabSeries[] | { readonly problem: string } {
  const folder = join(data, 'nab');
  const labels = join(folder, 'labels', 'combined_windows.json');
  if (!existsSync(labels)) return { problem: `not here: ${labels}; name its folder with --data` };
  const windows = JSON.parse(readFileSync(labels, 'utf8')) as Record<string, [string, string][]>;
  return Object.keys(windows)
    .filter((name) => existsSync(join(folder, 'data', name)))
    .map((name) => readSeries(join(folder, 'data', name), name, windows[name] ?? []));
}

function readSeries(path: string, name: string, windows: readonly [string, string][]): NabSeries {
  const rows = readFileSync(path, 'utf8').trim().split(/\r?\n/).slice(1);
  const times = Float64Array.from(rows, (row) => secondsOf(row.slice(0, row.indexOf(','))));
  const values = Float64Array.from(rows, (row) => Number.parseFloat(row.slice(row.indexOf(',') + 1)));
  const bad = values.findIndex((value, i) => !Number.isFinite(value) || !Number.isFinite(times[i]));
  if (bad >= 0) throw new Error(`${path}: row ${bad + 2} is ${rows[bad]}; it must be a time and a number`);
  return {
    name,
    group: groupOf(name),
    times,
    values,
    windows: windows.map(([first, last]) => ({
      first: times.indexOf(secondsOf(first)),
      last: times.indexOf(secondsOf(last)),
    })),
  };
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(`${time.trim().replace(' ', 'T')}Z`) / 1000);
}

/** The benchmark's folders; the large one of cloud metrics by what was measured. */
function groupOf(name: string): string {
  const [folder = '', file = ''] = name.split('/');
  if (folder !== 'realAWSCloudwatch') return folder;
  if (file.startsWith('ec2_cpu')) return 'machine CPU';
  if (file.startsWith('rds')) return 'database CPU';
  return /disk|network/i.test(file) ? 'disk and network' : 'requests and groups';
}
