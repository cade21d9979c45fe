import { readTable } from '../../adapters/csv/read-trace.ts';
import { TraceError } from '../../adapters/csv/trace-error.ts';
import { FEATURE_NAMES } from '../../loop/knowledge/dataset/feature-rows.ts';
import type { RawSeries, RawWorkload } from '../../loop/knowledge/dataset/raw-series.ts';
import type { FeatureName } from '../../loop/monitor/features/schema.ts';
import { nameFiles, type NamedFile } from '../backtest/file-loads.ts';
import { InputError } from '../verb.ts';
import type { DataSource } from './validate-flags.ts';

type FileSource = Extract<DataSource, { kind: 'files' }>;

/** One workload of each file, with every row of it. @param warn is told what was left out, in one line @throws InputError */
export function csvWorkloads(source: FileSource, warn: (message: string) => void): RawWorkload[] {
  try {
    return nameFiles(source.paths).map((named) => workloadOf(named, source, warn));
  } catch (error) {
    if (error instanceof TraceError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

function workloadOf(
  { file, name }: NamedFile,
  { skipBadRows, columns: mapped, counters }: FileSource,
  warn: (message: string) => void,
): RawWorkload {
  const options = { columns: 'all', skipBadRows, negative: true, everyRow: true } as const;
  const { times, names, columns, skippedRows } = readTable(file, options);
  if (skippedRows > 0) warn(`${file}: ${skippedRows} rows that cannot be read were left out`);
  const series: RawSeries[] = [];
  const ignored: string[] = [];
  for (const [index, column] of names.entries()) {
    const feature = mapped.get(column) ?? FEATURE_NAMES.find((known) => known === column);
    if (feature === undefined) {
      ignored.push(column);
      continue;
    }
    if (series.some((other) => other.feature === feature)) {
      throw new InputError(`${file}: two columns are ${feature}; take one out of the file or of --map`);
    }
    const kind = counters.has(feature) ? 'Counter' : 'Gauge';
    series.push({ feature, source: `column ${column}`, kind, times, values: columns[index] ?? times });
  }
  if (series.length === 0) throw noFeature(file, names);
  if (ignored.length > 0)
    warn(`${file}: not read, for they are no features: ${ignored.join(', ')}; see --map`);
  return { policyUid: `file/${name}`, namespace: '', policy: name, series, absent: notThere(series) };
}

function noFeature(file: string, names: readonly string[]): InputError {
  const [first = 'value'] = names;
  return new InputError(
    `${file}: none of its columns (${names.join(', ')}) is a feature; say which one is, such as --map ${first}=requestRate`,
  );
}

function notThere(series: readonly RawSeries[]): Partial<Record<FeatureName, string>> {
  const there = new Set(series.map(({ feature }) => feature));
  return Object.fromEntries(
    FEATURE_NAMES.filter((feature) => !there.has(feature)).map((feature) => [feature, 'no such column']),
  );
}
