import {
  createTailCalibrator,
  LEAST_SCORES,
  PRIOR_INDEX,
  surprise,
  type TailCalibrator,
} from '../surprise/tail-calibrator.ts';
import { createFuzzyArt, noveltyScore, observeNovelty, type FuzzyArt } from './artime/fuzzy-art.ts';
import { pValueOf } from '../surprise/p-value.ts';
import { createCumulativeSum, observeSum, type CumulativeSum } from './cumulative-sum.ts';
import { alarmScore, continuousSum, likelihoodSum } from './fusion.ts';
import { createPacing, pace, type Pacing } from './pacing.ts';
import { createResidualExperts, observeResiduals, type ResidualExperts } from './residual-experts.ts';
import { createRollingWindow, rollingDeviation, rollingMean, type RollingWindow } from './rolling-window.ts';
import { createRunningRange, observeRange, type RunningRange } from './running-range.ts';
import { createShinglePrototypes, observeShape, type ShinglePrototypes } from './shingle-prototypes.ts';
import { STREAM, STREAMS } from './streams.ts';
import { createSymbolGrams, observeSymbol, type SymbolGrams } from './symbol-grams.ts';

/**
 * Several ways to be unusual, watched in one series; each is calibrated against its own past, then they are joined.
 * Causal: every score is read before its state learns the value.
 */
export interface IncidentBank {
  readonly stepsPerSlot: number;
  readonly fast: ResidualExperts;
  readonly slow: ResidualExperts;
  readonly shift: CumulativeSum;
  readonly dayShift: CumulativeSum;
  readonly range: RunningRange;
  readonly short: RollingWindow;
  readonly long: RollingWindow;
  readonly shape: ShinglePrototypes;
  readonly order: SymbolGrams;
  readonly novelty: FuzzyArt;
  readonly shapeMean: RollingWindow;
  readonly orderMean: RollingWindow;
  readonly shapeCalibrator: TailCalibrator;
  readonly orderCalibrator: TailCalibrator;
  readonly calibrators: readonly TailCalibrator[];
  readonly fusedCalibrator: TailCalibrator;
  readonly pacing: Pacing;
  points: number;
  mean: number;
  meanDeviation: number;
  /** Exponential means of the sums of surprises. */
  recent: number;
  lasting: number;
}

export interface IncidentBankOptions {
  /** Seconds from one value to the next. */
  readonly stepSeconds: number;
}

/** Written by each observation into the same object. All NaN for a value that is not known. */
export interface IncidentScore {
  /**
   * The joined score, 0 in the first 150 points and while it rests after a larger one. Quiet series of independent noise
   * exceed 3 about once a week, 3.3 once in three weeks, 4 twice a year, at five minutes a point.
   */
  alarm: number;
  /** The same without rest: of streams that agree it is more than −log₁₀ p of the rarest. */
  fused: number;
  /** Chance of a joined score this large, from its own past; NaN in the first 150 points. */
  p: number;
  /** How unusual the last hours are, in 0…1: for display and for holds, not for alarms. */
  continuous: number;
  /** Of each `STREAM`, −log₁₀ p; NaN of those that know nothing yet. */
  readonly surprises: Float64Array;
}

const DAY_SECONDS = 86_400;
/** A finer profile would cost more memory than it gains. */
const FINEST_SLOT_SECONDS = 300;
/** Points that are remembered of what is rare: two weeks at five minutes. */
const MEMORY = 4032;
/** Points without alarms: too few to know what is rare. */
const WARM_UP = 150;
const FAST_LEVEL = 0.02;
const SLOW_LEVEL = 0.002;
const SHORT_WINDOW = 12;
const LONG_WINDOW = 48;
/** Surprises of shapes and orders come in runs. */
const RUN = 8;
const SLOWEST_SCALE_RATE = 1 / 2000;
const RECENT_RATE = 1 - 0.5 ** (1 / 4);
const LASTING_RATE = 1 - 0.5 ** (1 / 60);
/** Spread of a series, in mean deviations, that counts as none. */
const FLAT_SPREAD = 0.02;
const TINY = 1e-9;
/** No metric is larger; squares of it are still finite. */
const LARGEST = 1e30;
/** Sum of surprises at which the continuous score is a half; on a normal day it is 2.6. */
const HALF = 10;

/** @throws RangeError when the step is not a positive time of at most a day */
export function createIncidentBank({ stepSeconds }: IncidentBankOptions): IncidentBank {
  if (!(stepSeconds > 0 && stepSeconds <= DAY_SECONDS))
    throw new RangeError(`stepSeconds is ${stepSeconds}; it must be above 0 and at most ${DAY_SECONDS}`);
  const stepsPerSlot = Math.max(1, Math.round(FINEST_SLOT_SECONDS / stepSeconds));
  const seasons = {
    pointsPerDay: DAY_SECONDS / stepSeconds,
    daySlots: Math.max(1, Math.round(DAY_SECONDS / (stepsPerSlot * stepSeconds))),
  };
  return {
    stepsPerSlot,
    fast: createResidualExperts(seasons, FAST_LEVEL),
    slow: createResidualExperts(seasons, SLOW_LEVEL),
    shift: createCumulativeSum(),
    dayShift: createCumulativeSum(),
    range: createRunningRange(),
    short: createRollingWindow(SHORT_WINDOW),
    long: createRollingWindow(LONG_WINDOW),
    shape: createShinglePrototypes(),
    order: createSymbolGrams(),
    novelty: createFuzzyArt(),
    shapeMean: createRollingWindow(RUN),
    orderMean: createRollingWindow(RUN),
    shapeCalibrator: calibrator(),
    orderCalibrator: calibrator(),
    calibrators: Array.from({ length: STREAMS }, calibrator),
    fusedCalibrator: calibrator(),
    pacing: createPacing(),
    points: 0,
    mean: 0,
    meanDeviation: 0,
    recent: NaN,
    lasting: 0,
  };
}

function calibrator(): TailCalibrator {
  return createTailCalibrator({ effectiveSamples: MEMORY, robust: false });
}

export function createIncidentScore(): IncidentScore {
  return { alarm: NaN, fused: NaN, p: NaN, continuous: NaN, surprises: new Float64Array(STREAMS).fill(NaN) };
}

/**
 * Scores a value against all before it, then learns it. A value that is not finite is scored NaN and learnt nothing of.
 * @param slot unix time ÷ step, rounded down: rows go missing, so that they cannot be counted instead
 */
export function observeIncident(bank: IncidentBank, value: number, slot: number, score: IncidentScore): void {
  const { surprises } = score;
  if (!Number.isFinite(value)) {
    score.alarm = score.fused = score.p = score.continuous = NaN;
    surprises.fill(NaN);
    return;
  }
  rawScores(bank, Math.min(LARGEST, Math.max(-LARGEST, value)), slot, surprises);
  for (let i = 0; i < STREAMS; i++) {
    if (i !== STREAM.likelihood) surprises[i] = calibrated(bank, i, surprises[i] ?? NaN);
  }
  surprises[STREAM.likelihood] = calibrated(bank, STREAM.likelihood, recentSum(bank, surprises));
  bank.lasting += LASTING_RATE * (continuousSum(surprises) - bank.lasting);
  score.fused = alarmScore(surprises);
  // A score in −log₁₀ p has an exponential tail, its power the Pareto tail that the calibrator begins with.
  const rarity = surprise(bank.fusedCalibrator, 10 ** (PRIOR_INDEX * score.fused));
  const knows = bank.points > WARM_UP;
  score.alarm = knows ? pace(bank.pacing, score.fused) : 0;
  score.p = knows ? pValueOf(rarity) : NaN;
  score.continuous = bank.lasting / (bank.lasting + HALF);
}

/** NaN while the streams that it follows cannot speak: their first words would look like an incident. */
function recentSum(bank: IncidentBank, surprises: Float64Array): number {
  if (bank.points <= LEAST_SCORES + 1) return NaN;
  const sum = likelihoodSum(surprises);
  bank.recent = Number.isNaN(bank.recent) ? sum : bank.recent + RECENT_RATE * (sum - bank.recent);
  return bank.recent;
}

function calibrated({ calibrators }: IncidentBank, stream: number, raw: number): number {
  const of = calibrators[stream];
  return of === undefined ? NaN : surprise(of, raw);
}

function rawScores(bank: IncidentBank, value: number, slot: number, raw: Float64Array): void {
  const deviation = scaleOf(bank, value);
  const profileSlot = Math.floor(slot / bank.stepsPerSlot);
  observeResiduals(bank.fast, value, profileSlot);
  observeResiduals(bank.slow, value, profileSlot);
  const short = rollingDeviation(bank.short, value) / deviation;
  raw[STREAM.range] = observeRange(bank.range, value);
  raw[STREAM.dayShift] = Number.isNaN(bank.fast.day) ? NaN : observeSum(bank.dayShift, bank.fast.day);
  raw[STREAM.shift] = observeSum(bank.shift, bank.fast.selected);
  const newShape = surprise(bank.shapeCalibrator, observeShape(bank.shape, value));
  raw[STREAM.shape] = rollingMean(bank.shapeMean, newShape);
  const newOrder = surprise(bank.orderCalibrator, observeSymbol(bank.order, value));
  raw[STREAM.order] = rollingMean(bank.orderMean, newOrder);
  raw[STREAM.hourSpread] = short;
  raw[STREAM.flat] = 1 / (short + FLAT_SPREAD);
  raw[STREAM.longSpread] = rollingDeviation(bank.long, value) / deviation;
  raw[STREAM.residual] = Math.abs(bank.fast.selected);
  raw[STREAM.slowResidual] = Math.abs(bank.slow.selected);
  raw[STREAM.novelty] = noveltyScore(observeNovelty(bank.novelty, value));
}

/** Mean absolute deviation of the series, this value included; above zero. */
function scaleOf(bank: IncidentBank, value: number): number {
  if (bank.points === 0) bank.mean = value;
  bank.points++;
  const rate = Math.max(1 / bank.points, SLOWEST_SCALE_RATE);
  bank.mean += rate * (value - bank.mean);
  bank.meanDeviation += rate * (Math.abs(value - bank.mean) - bank.meanDeviation);
  return bank.meanDeviation + TINY;
}
