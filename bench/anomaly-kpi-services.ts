import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LabelledEvent, ScoredSeries } from '../src/cli/evaluate/anomaly/score/alarm-budget.ts';

/** One service of JumpStarter's second data set: 20 days without labels, then 25 with them. */
export interface BenchService {
  readonly name: string;
  /** One row for each metric, a point each five minutes. */
  readonly metrics: readonly Float64Array[];
  readonly points: number;
  /** First labelled point. */
  readonly split: number;
  readonly events: readonly LabelledEvent[];
}

export const SERVICE_STEP = 300;
export const SERVICE_DAY = 86_400 / SERVICE_STEP;
/** The first week teaches the detectors, and sets no threshold. */
const WARM_UP = 7 * SERVICE_DAY;
const SERVICES = 12;

/** The services, or why they cannot be used. */
export function jumpStarterServices(data: string): readonly BenchService[] | { readonly problem: string } {
  const names = Array.from({ length: SERVICES }, (_, i) => `service${i}`);
  const paths = names.flatMap((name) =>
    ['train', 'test', 'test_label'].map((part) => pathOf(data, part, name)),
  );
  const absent = paths.filter((path) => !existsSync(path));
  if (absent.length > 0) return { problem: `not here: ${absent.join(', ')}; name their folder with --data` };
  return names.map((name) => readService(data, name));
}

function pathOf(data: string, part: string, name: string): string {
  return join(data, 'jumpstarter', part, `${name}.csv.gz`);
}

function readService(data: string, name: string): BenchService {
  const train = readRows(pathOf(data, 'train', name));
  const test = readRows(pathOf(data, 'test', name));
  const labels = readRows(pathOf(data, 'test_label', name));
  const rows = [...train, ...test];
  const metrics = rows[0]!.map((_, metric) => Float64Array.from(rows, (row) => row[metric]!));
  const events: { first: number; last: number }[] = [];
  labels.forEach(([label], i) => {
    if (label === 0) return;
    const point = train.length + i;
    const current = events.at(-1);
    if (current?.last === point - 1) current.last = point;
    else events.push({ first: point, last: point });
  });
  return { name, metrics, points: rows.length, split: train.length, events };
}

/** No header and no times: numbers, one line for each point. */
function readRows(path: string): number[][] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line, row) =>
    line.split(',').map((text) => {
      const value = text.trim() === '' ? NaN : Number(text);
      if (Number.isNaN(value)) throw new Error(`${path}, line ${row + 1}: "${text}" is not a number`);
      return value;
    }),
  );
}

export function scoredSeries({ split, events }: BenchService, scores: Float64Array): ScoredSeries {
  return { scores, from: WARM_UP, split, events };
}
