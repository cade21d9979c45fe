import { createTailCalibrator, surprise } from '../src/loop/analyze/anomaly/surprise/tail-calibrator.ts';
import {
  createFuzzyArt,
  noveltyScore,
  observeNovelty,
} from '../src/loop/analyze/anomaly/incident/artime/fuzzy-art.ts';
import { alarmScore } from '../src/loop/analyze/anomaly/incident/fusion.ts';
import {
  createIncidentBank,
  createIncidentScore,
  observeIncident,
} from '../src/loop/analyze/anomaly/incident/incident-bank.ts';
import { createPacing, pace } from '../src/loop/analyze/anomaly/incident/pacing.ts';
import { STREAM } from '../src/loop/analyze/anomaly/incident/streams.ts';
import { seededRandom } from '../src/simulate/random.ts';
import type { NabSeries } from './nab-series.ts';

/** Scores of each row: what alarms are taken from, and what is judged without a threshold. */
export interface MethodScores {
  readonly alarm: Float64Array;
  readonly continuous: Float64Array;
}

export interface Method {
  readonly name: string;
  readonly score: (series: NabSeries, index: number) => MethodScores;
}

const STEP = 300;

export const BANK = 'incident bank';

export const METHODS: readonly Method[] = [
  { name: BANK, score: (series) => bank(series) },
  { name: 'bank without adaptive resonance', score: (series) => bank(series, STREAM.novelty) },
  { name: 'adaptive resonance alone, paced', score: resonance },
  { name: 'EWMA residual, calibrated, paced', score: (series) => calibratedPaced(ewma(series.values)) },
  { name: 'EWMA residual ÷ its mean size', score: (series) => both(ewma(series.values)) },
  { name: 'global |z| (reads the whole file)', score: (series) => both(globalZ(series.values)) },
  { name: 'eight fixed positions', score: (series) => both(fixed(series.values.length)) },
  { name: 'random', score: (series, index) => both(random(series.values.length, index)) },
];

function both(scores: Float64Array): MethodScores {
  return { alarm: scores, continuous: scores };
}

function bank({ values, times }: NabSeries, without?: number): MethodScores {
  const state = createIncidentBank({ stepSeconds: STEP });
  const score = createIncidentScore();
  const pacing = createPacing();
  const [alarm, continuous] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (const [row, value] of values.entries()) {
    observeIncident(state, value, Math.floor(times[row]! / STEP), score);
    alarm[row] = score.alarm;
    continuous[row] = score.continuous;
    if (without === undefined) continue;
    score.surprises[without] = NaN;
    alarm[row] = pace(pacing, alarmScore(score.surprises));
  }
  return { alarm, continuous };
}

function resonance({ values }: NabSeries): MethodScores {
  const art = createFuzzyArt();
  return calibratedPaced(values.map((value) => noveltyScore(observeNovelty(art, value))));
}

/** What turns any raw score into alarms, as in the bank. */
function calibratedPaced(raw: Float64Array): MethodScores {
  const calibrator = createTailCalibrator({ effectiveSamples: 4032, robust: false });
  const pacing = createPacing();
  const continuous = raw.map((score) => (Number.isNaN(score) ? 0 : surprise(calibrator, score)));
  return { alarm: continuous.map((score) => pace(pacing, score)), continuous };
}

function ewma(values: Float64Array): Float64Array {
  const rate = 0.05;
  let mean = values[0]!;
  let size = 0;
  return values.map((value) => {
    const error = Math.abs(value - mean);
    const score = size > 0 ? error / size : 0;
    mean += rate * (value - mean);
    size += rate * (error - size);
    return score;
  });
}

function globalZ(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (variance > 0 ? Math.abs(value - mean) / Math.sqrt(variance) : 0));
}

function fixed(rows: number): Float64Array {
  const scores = new Float64Array(rows);
  for (let k = 0; k < 8; k++) scores[Math.floor(((k + 0.5) / 8) * rows)] = 1;
  return scores;
}

function random(rows: number, seed: number): Float64Array {
  const draw = seededRandom(1000 + seed);
  return Float64Array.from({ length: rows }, () => draw());
}
