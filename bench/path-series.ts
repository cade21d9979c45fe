import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readSeries, STEP_MS, type EvaluatedSeries } from '../src/cli/evaluate/read-series.ts';

/** A development series and where it is from: series of one family are not independent. */
export interface FamilySeries {
  readonly family: string;
  readonly series: EvaluatedSeries;
}

const NAB = 'nab/data/realAWSCloudwatch';
const JUMPSTARTER = 'jumpstarter';
const FOLDERS = ['cloudcluster', 'crane', NAB, JUMPSTARTER];

/** Shorter ones leave too little to score. */
const LEAST_STEPS = 2000;
const JUMPSTARTER_SERVICES = 12;
const JUMPSTARTER_STEPS = 30 * 288;
/** A metric with fewer different values is a state and no demand; of the others every fifth is taken. */
const LEAST_VALUES = 21;
const TAKEN = 5;

/** 6 pools, 8 production workloads, 16 CloudWatch series and 43 metrics of services; or why they cannot be read. */
export function developmentSeries(data: string): readonly FamilySeries[] | { readonly problem: string } {
  const absent = FOLDERS.map((folder) => join(data, folder)).filter((folder) => !existsSync(folder));
  if (absent.length > 0) return { problem: `not here: ${absent.join(', ')}; name their folder with --data` };
  return [
    ...files('cloudcluster', join(data, 'cloudcluster')),
    ...files('crane', join(data, 'crane')),
    ...files('nab', join(data, NAB)),
    ...jumpstarter(join(data, JUMPSTARTER)),
  ];
}

function files(family: string, folder: string): FamilySeries[] {
  return readSeries({ paths: [folder], skipBadRows: true }, () => undefined)
    .filter(({ values }) => values.length >= LEAST_STEPS)
    .map((series) => ({ family, series }));
}

/** Files without header and time: five minutes a row, the training part before the test part. */
function jumpstarter(folder: string): FamilySeries[] {
  const candidates = Array.from({ length: JUMPSTARTER_SERVICES }, (_, service) => {
    const rows = ['train', 'test'].flatMap((part) =>
      readRows(join(folder, part, `service${service}.csv.gz`)),
    );
    const last = rows.slice(-JUMPSTARTER_STEPS);
    return (last[0] ?? []).map((_value, metric) => ({
      name: `service${service}.${metric}`,
      values: Float64Array.from(last, (row) => row[metric] ?? NaN),
    }));
  }).flat();
  return candidates
    .filter(({ values }) => new Set(values).size >= LEAST_VALUES)
    .filter((_, i) => i % TAKEN === 0)
    .map(({ name, values }) => ({
      family: JUMPSTARTER,
      series: { name, values, start: 0, times: values.map((_, i) => i * STEP_MS) },
    }));
}

function readRows(file: string): number[][] {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  return lines.map((line) => line.split(',').map(Number.parseFloat));
}

/** How many there are of each family. */
export function seriesCounts(all: readonly FamilySeries[]): string {
  const families = [...new Set(all.map(({ family }) => family))];
  return families.map((name) => `${all.filter(({ family }) => family === name).length} ${name}`).join(', ');
}
