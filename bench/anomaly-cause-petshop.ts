import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Call } from '../src/loop/analyze/anomaly/attribution/call-graph.ts';
import type { ComponentSignal, SignalKind } from '../src/loop/analyze/anomaly/attribution/deviation.ts';
import type { Incident } from '../src/loop/analyze/anomaly/attribution/root-cause.ts';

/** One injected fault of PetShop (Hardt and others 2024, CC-BY-4.0), as a case for `rankRootCauses`. */
export interface PetShopIssue {
  readonly name: string;
  readonly incident: Incident;
  readonly rootCause: string;
  /** What the target shows, and where the fault is. */
  readonly fault: string;
}

/** Metric and statistic of the data that a signal is, and how its unit becomes that of the signal. */
const SIGNALS: readonly {
  kind: SignalKind;
  metric: string;
  statistic: string;
  convert: (value: number) => number;
}[] = [
  { kind: 'Latency', metric: 'latency', statistic: 'Average', convert: (seconds) => seconds },
  { kind: 'Errors', metric: 'availability', statistic: 'Average', convert: (percent) => 1 - percent / 100 },
  { kind: 'Requests', metric: 'requests', statistic: 'Sum', convert: (count) => count },
];

/** The time of an issue is somewhere within a row of five minutes; the rows of the next ten minutes are its own. */
const ISSUE_SECONDS = 600;
const HEADER_ROWS = 4;

export function hasPetShop(data: string): boolean {
  return existsSync(join(data, 'petshop', 'low_traffic', 'graph.csv'));
}

export function readPetShop(data: string, part: 'train' | 'test'): PetShopIssue[] {
  const root = join(data, 'petshop', 'low_traffic');
  const calls = readCalls(join(root, 'graph.csv'));
  const normal = readMetrics(join(root, 'noissue', 'metrics.csv'));
  return readdirSync(join(root, part))
    .toSorted((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1]))
    .map((name) => issueOf(join(root, part, name), `${part}/${name}`, normal, calls));
}

interface Metrics {
  readonly times: readonly number[];
  readonly columns: ReadonlyMap<string, Float64Array>;
  readonly components: ReadonlySet<string>;
}

interface TargetFile {
  readonly target: { readonly node: string; readonly metric: string; readonly timestamp: number };
  readonly root_cause: { readonly node: string };
}

function issueOf(folder: string, name: string, normal: Metrics, calls: readonly Call[]): PetShopIssue {
  const recent = readMetrics(join(folder, 'metrics.csv'));
  const { target, root_cause: cause } = JSON.parse(
    readFileSync(join(folder, 'target.json'), 'utf8'),
  ) as TargetFile;
  const kind = SIGNALS.find(({ metric }) => metric === target.metric)?.kind;
  if (kind === undefined) throw new Error(`${name}: target metric ${target.metric} is none of the signals`);
  const from = recent.times.findIndex((time) => time > target.timestamp);
  const end = recent.times.findIndex((time) => time > target.timestamp + ISSUE_SECONDS);
  const components = [...recent.components].map((id) => ({
    id,
    // X-Ray's type of what it knows from the calls of others alone.
    measuredBy: id.endsWith('_remote') ? ('Caller' as const) : ('Itself' as const),
    signals: SIGNALS.flatMap((signal): ComponentSignal[] => {
      const key = keyOf(id, signal.metric, signal.statistic);
      const values = recent.columns.get(key);
      if (values === undefined) return [];
      const usual = normal.columns.get(key) ?? new Float64Array();
      return [{ kind: signal.kind, normal: usual.map(signal.convert), recent: values.map(signal.convert) }];
    }),
  }));
  return {
    name,
    incident: {
      components,
      calls,
      target: { component: target.node, kind },
      from: Math.max(0, from),
      to: end === -1 ? recent.times.length : end,
    },
    rootCause: cause.node,
    fault: `${target.metric} · ${cause.node}`,
  };
}

function readRows(path: string): string[][] {
  return parse(readFileSync(path), { relax_column_count: true });
}

function readCalls(path: string): Call[] {
  const [header = [], ...rows] = readRows(path);
  return rows.flatMap(([caller = '', ...cells]) =>
    cells.flatMap((cell, i) => (Number(cell) > 0 ? [{ caller, callee: header[i + 1] ?? '' }] : [])),
  );
}

function readMetrics(path: string): Metrics {
  const rows = readRows(path);
  const [names = [], metrics = [], statistics = []] = rows;
  const body = rows.slice(HEADER_ROWS);
  const columns = new Map<string, Float64Array>();
  for (let i = 1; i < names.length; i += 1) {
    const values = Float64Array.from(body, (row) =>
      row[i] === undefined || row[i] === '' ? NaN : Number(row[i]),
    );
    columns.set(keyOf(names[i] ?? '', metrics[i] ?? '', statistics[i] ?? ''), values);
  }
  return { times: body.map(([time]) => Number(time)), columns, components: new Set(names.slice(1)) };
}

function keyOf(component: string, metric: string, statistic: string): string {
  return [component, metric, statistic].join('\t');
}
