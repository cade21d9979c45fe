import { stringify } from 'yaml';
import { dataReport, workloadDataset, type WorkloadDataset } from '../../loop/knowledge/dataset/dataset.ts';
import { windowOf } from '../../loop/knowledge/dataset/feature-rows.ts';
import { MINUTE_MS, type MinuteWindow } from '../../loop/knowledge/dataset/minute-grid.ts';
import type { RawWorkload } from '../../loop/knowledge/dataset/raw-series.ts';
import { InputError, type Terminal } from '../verb.ts';
import { csvWorkloads } from './csv-workloads.ts';
import { dataDocument } from './data-document.ts';
import { dataTable } from './data-table.ts';
import { parseValidateFlags, type DataSource } from './validate-flags.ts';

/** @throws UsageError; InputError when the data are not usable, after the report was printed */
export async function runValidate(args: readonly string[], terminal: Terminal, now: number): Promise<void> {
  const { source, format, emit } = parseValidateFlags(args, now);
  const warn = (message: string): void => terminal.err(`warning: ${message}\n`);
  const datasets = await datasetsOf(source, warn);
  const report = dataReport(datasets.map((each) => each.report));
  if (format === 'table') terminal.out(dataTable(report));
  else {
    const document = dataDocument(report);
    terminal.out(format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document));
  }
  if (emit !== undefined) await emitRows(emit, datasets, terminal);
  if (report.usable) return;
  const bad = report.workloads.filter(({ verdict }) => !verdict.usable);
  const [first] = bad;
  const more = bad.length > 1 ? `, and ${bad.length - 1} more` : '';
  throw new InputError(
    `not usable for training: ${first?.policy ?? 'no workload'}${more}; the report says why`,
  );
}

async function datasetsOf(source: DataSource, warn: (message: string) => void): Promise<WorkloadDataset[]> {
  if (source.kind === 'files') {
    return csvWorkloads(source, warn).map((raw) => workloadDataset(raw, fileWindow(raw)));
  }
  const { prometheusWorkload } = await import('./prometheus-workload.ts');
  const raw = await prometheusWorkload(source, warn);
  const firstMinute = Math.ceil(source.start / MINUTE_MS);
  const minutes = Math.floor(source.end / MINUTE_MS) - firstMinute + 1;
  return [workloadDataset(raw, { firstMinute, minutes })];
}

function fileWindow(raw: RawWorkload): MinuteWindow {
  try {
    return windowOf(raw);
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${raw.policy}: ${error.message}`, { cause: error });
    throw error;
  }
}

async function emitRows(
  path: string,
  datasets: readonly WorkloadDataset[],
  terminal: Terminal,
): Promise<void> {
  // Arrow takes long to load, and most runs do not need it.
  const { featureFile, writeFeatureFile } = await import('../../adapters/arrow/feature-file.ts');
  const rows = datasets.map((each) => each.rows);
  const from = Math.min(...datasets.map(({ report }) => report.from));
  const to = Math.max(...datasets.map(({ report }) => report.to));
  const bytes = featureFile(rows, { from, to, stepSeconds: MINUTE_MS / 1000 });
  try {
    await writeFeatureFile(path, bytes);
  } catch (error) {
    throw new Error(`--emit ${path}: cannot be written: ${(error as Error).message}`, { cause: error });
  }
  const count = rows.reduce((sum, { at }) => sum + at.length, 0);
  terminal.err(`${count} rows in ${path}\n`);
}
