import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  createIncidentBank,
  createIncidentScore,
  observeIncident,
  type IncidentScore,
} from '../src/loop/analyze/anomaly/incident/incident-bank.ts';
import type { NabSeries } from './nab-series.ts';

const STEP = 300;
const DAY = 86_400 / STEP;
export const NOMINAL = [1e-2, 1e-3, 1e-4] as const;

/** How often a chance at or below each nominal one was met. */
export interface Calibration {
  readonly name: string;
  readonly points: number;
  /** Observed ÷ nominal of the joined score, then of all streams together. */
  readonly joined: readonly number[];
  readonly streams: readonly number[];
}

interface Counts {
  points: number;
  streamPoints: number;
  readonly joined: number[];
  readonly streams: number[];
}

interface Part {
  readonly values: Float64Array;
  readonly slotOf: (row: number) => number;
  readonly counts: (row: number) => boolean;
}

/** Of NAB, the rows outside of windows after the first 15 %. */
export function nabCalibration(all: readonly NabSeries[]): Calibration {
  return calibration(
    'NAB outside of windows',
    all.map(({ values, times, windows }) => ({
      values,
      slotOf: (row: number) => Math.floor(times[row]! / STEP),
      counts: (row: number) =>
        row > 0.15 * values.length && !windows.some(({ first, last }) => row >= first && row <= last),
    })),
  );
}

/** The training days of JumpStarter's services after the second: said to be normal. Undefined when not here. */
export function jumpStarterCalibration(data: string): Calibration | undefined {
  const folder = join(data, 'jumpstarter', 'train');
  if (!existsSync(folder)) return undefined;
  const parts = readdirSync(folder).flatMap((file) => {
    const rows = gunzipSync(readFileSync(join(folder, file)))
      .toString()
      .trim()
      .split('\n');
    const table = rows.map((row) => row.split(',').map(Number.parseFloat));
    const metrics = table[0]!.map((_, metric) => Float64Array.from(table, (row) => row[metric]!));
    return metrics
      .filter((values) => new Set(values).size > 50)
      .map((values) => ({ values, slotOf: (row: number) => row, counts: (row: number) => row >= 2 * DAY }));
  });
  return calibration('JumpStarter, training days', parts);
}

function calibration(name: string, parts: readonly Part[]): Calibration {
  const counts: Counts = {
    points: 0,
    streamPoints: 0,
    joined: NOMINAL.map(() => 0),
    streams: NOMINAL.map(() => 0),
  };
  for (const part of parts) countPart(part, counts);
  return {
    name,
    points: counts.points,
    joined: NOMINAL.map((p, i) => counts.joined[i]! / counts.points / p),
    streams: NOMINAL.map((p, i) => counts.streams[i]! / counts.streamPoints / p),
  };
}

function countPart({ values, slotOf, counts: within }: Part, counts: Counts): void {
  const bank = createIncidentBank({ stepSeconds: STEP });
  const score = createIncidentScore();
  for (const [row, value] of values.entries()) {
    observeIncident(bank, value, slotOf(row), score);
    if (!within(row) || Number.isNaN(score.p)) continue;
    countRow(score, counts);
  }
}

function countRow({ p: chance, surprises }: IncidentScore, counts: Counts): void {
  counts.points++;
  counts.streamPoints += surprises.length;
  for (const [i, p] of NOMINAL.entries()) {
    if (chance <= p) counts.joined[i]!++;
    counts.streams[i]! += surprises.filter((surprise) => surprise >= -Math.log10(p)).length;
  }
}
