import { accuracyHistory, accuracyOf, type Accuracy } from './accuracy.ts';
import type { Mixture, Place } from './mixture.ts';
import { mixAt, type PathMoment } from './path-quantiles.ts';
import {
  LEVEL_COUNT,
  MEDIAN,
  PATH_EXPERTS,
  shapeOfTier,
  type PathExpert,
  type PathShape,
} from './path-shape.ts';
import type { PathForecaster } from './path-state.ts';
import { fromScaled } from './scaled.ts';

export type Confidence = 'Low' | 'Medium' | 'High' | 'VeryHigh';

/** One expert's part in a forecast. */
export interface ExpertOpinion {
  readonly expert: PathExpert;
  /** For the median; those of all that take part sum to 1. */
  readonly weight: number;
  /** Its median, in the unit of the samples. */
  readonly prediction: number;
}

/** A forecast with what it is made of. */
export interface PathEnsemble {
  /** The combined median, in the unit of the samples. */
  readonly combined: number;
  readonly experts: readonly ExpertOpinion[];
  /** Weighted variance of the experts' medians around their mean, squared unit of the samples. */
  readonly variance: number;
  readonly confidence: Confidence;
  /** Of the last days at the nearest learned horizon; undefined before any outcome is known. */
  readonly accuracy?: Accuracy;
  /** Of each day, newest first. */
  readonly history: readonly Accuracy[];
}

/** @returns undefined before an hour of values is known. @throws RangeError as `pathQuantiles` */
export function pathEnsemble(forecaster: PathForecaster, moment: PathMoment): PathEnsemble | undefined {
  const mixed = mixAt(forecaster, moment);
  if (mixed === undefined) return undefined;
  const shape = shapeOfTier(forecaster.tier);
  const { mixture, place } = mixed;
  const experts = opinionsOf(forecaster, shape, mixture, place);
  const mean = experts.reduce((sum, { weight, prediction }) => sum + weight * prediction, 0);
  const variance = experts.reduce(
    (sum, { weight, prediction }) => sum + weight * (prediction - mean) ** 2,
    0,
  );
  const [lower = 0, combined = 0, upper = 0] = [1, MEDIAN, LEVEL_COUNT - 4].map((i) =>
    fromScaled(forecaster, mixture.quantiles[i] ?? 0),
  );
  const accuracy = accuracyOf(forecaster, shape, place.share < 0.5 ? place.low : place.high);
  return {
    combined,
    experts,
    variance,
    confidence: confidenceOf(accuracy, Math.sqrt(variance), upper - lower),
    ...(accuracy === undefined ? {} : { accuracy }),
    history: accuracyHistory(forecaster, shape),
  };
}

function opinionsOf(
  forecaster: PathForecaster,
  shape: PathShape,
  { awake, expertQuantiles }: Mixture,
  place: Place,
): ExpertOpinion[] {
  const { slab } = forecaster;
  const { experts, groups, at } = shape;
  const middle = groups === 1 ? 0 : 1;
  const weightOf = (k: number, e: number): number =>
    slab[at.weights + (k * groups + middle) * experts.length + e] ?? 0;
  const opinions = experts.flatMap((expert, e) => {
    const name = PATH_EXPERTS[expert];
    if (name === undefined || ((awake >> expert) & 1) === 0) return [];
    const near = weightOf(place.low, e);
    return {
      expert: name,
      weight: near + place.share * (weightOf(place.high, e) - near),
      prediction: fromScaled(forecaster, Math.max(0, expertQuantiles[expert * LEVEL_COUNT + MEDIAN] ?? 0)),
    };
  });
  const total = opinions.reduce((sum, { weight }) => sum + weight, 0);
  return opinions.map((opinion) => ({ ...opinion, weight: opinion.weight / total }));
}

/** Outcomes that a judgement needs. */
const ENOUGH = 20;

interface Demand {
  readonly confidence: Confidence;
  /** Measured coverage of the 80 % interval, both included. */
  readonly coverage: readonly [number, number];
  readonly skill: number;
  /** Spread of the experts' medians as a part of the interval's width, at most. */
  readonly spread: number;
}

/** Best first; what meets none is Low. */
const DEMANDS: readonly Demand[] = [
  { confidence: 'VeryHigh', coverage: [0.72, 0.88], skill: 0.3, spread: 0.5 },
  { confidence: 'High', coverage: [0.7, 0.9], skill: 0.15, spread: 0.75 },
  { confidence: 'Medium', coverage: [0.6, 1], skill: 0, spread: 1.5 },
];

function confidenceOf(accuracy: Accuracy | undefined, deviation: number, width: number): Confidence {
  if (accuracy === undefined || accuracy.scored < ENOUGH) return 'Low';
  const spread = deviation === 0 ? 0 : deviation / width;
  const met = DEMANDS.find(
    ({ coverage: [least, most], skill, spread: widest }) =>
      accuracy.coverage >= least && accuracy.coverage <= most && accuracy.skill >= skill && spread <= widest,
  );
  return met?.confidence ?? 'Low';
}
