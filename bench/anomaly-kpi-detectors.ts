import {
  createAutoencoder,
  createPass,
  reconstructionError,
  type Autoencoder,
} from '../src/loop/analyze/anomaly/fingerprint/autoencoder.ts';
import {
  createHalfSpaceForest,
  createHalfSpaceMasses,
  observeHalfSpace,
} from '../src/loop/analyze/anomaly/fingerprint/half-space-trees.ts';
import { meanError } from '../src/loop/analyze/anomaly/fingerprint/metric-surprise.ts';
import { createServiceScore, observeService } from '../src/loop/analyze/anomaly/fingerprint/service-score.ts';
import { createStandardizer, standardize } from '../src/loop/analyze/anomaly/fingerprint/standardizer.ts';
import { trainAutoencoder } from '../src/loop/analyze/anomaly/fingerprint/train-autoencoder.ts';
import {
  createKpiDetector,
  kpiDeviation,
  observeKpi,
  type KpiTier,
} from '../src/loop/analyze/anomaly/kpi/kpi-detector.ts';
import { createTailCalibrator, surprise } from '../src/loop/analyze/anomaly/surprise/tail-calibrator.ts';
import { seededRandom } from '../src/simulate/random.ts';
import { SERVICE_DAY, SERVICE_STEP, type BenchService } from './anomaly-kpi-services.ts';
import { createScaleFree, scaleFreeScore } from './anomaly-kpi-scale-free.ts';

/** Scores of one service by the detector's name, a score for each point. */
export type Scores = Readonly<Record<string, Float64Array>>;

export const DEFAULT_DETECTOR = 'service score (default)';
const TRAINED_FROM = 2 * SERVICE_DAY;
const TRAINED_TO = 7 * SERVICE_DAY;
const EPOCHS = 30;
const LARGEST_ERROR = 8;

/** What is built for several metrics at once. */
export function serviceScores({ metrics, points }: BenchService, seed: number): Scores {
  const make = (): Float64Array => new Float64Array(points);
  const scores = {
    [DEFAULT_DETECTOR]: make(),
    'service score, mean of three': make(),
    'service score, as p-value': make(),
    'most surprised metric (M2)': make(),
    'half-space trees, values': make(),
    'half-space trees, errors': make(),
    'service score and trees': make(),
  };
  const [score, mean, p, largest, onValues, onErrors, withTrees] = Object.values<Float64Array>(scores);
  const service = createServiceScore({ metrics: metrics.length, stepSeconds: SERVICE_STEP });
  const forest = createHalfSpaceForest({
    features: metrics.length,
    trees: 25,
    depth: 8,
    random: seededRandom(seed),
  });
  const masses = [createHalfSpaceMasses(forest), createHalfSpaceMasses(forest)] as const;
  const calibrators = [calibrator(), calibrator()] as const;
  const standardizer = createStandardizer(metrics.length, TRAINED_TO);
  const values = new Float64Array(metrics.length);
  const standard = new Float64Array(metrics.length);
  const errors: Float64Array[] = [];
  for (let point = 0; point < points; point++) {
    metrics.forEach((metric, m) => (values[m] = metric[point]!));
    score![point] = observeService(service, values, point);
    mean![point] = meanOfThree(score!, point);
    p![point] = service.surprise;
    largest![point] = Math.max(...service.surprises);
    standardize(standardizer, values, standard);
    onValues![point] = surprise(calibrators[0], observeHalfSpace(forest, masses[0], standard));
    const error = Float64Array.from(service.metrics, (metric) => clip(meanError(metric)));
    errors.push(error);
    onErrors![point] = surprise(calibrators[1], observeHalfSpace(forest, masses[1], error));
    withTrees![point] = Math.cbrt(score![point]! ** 3 + onErrors![point]! ** 3);
  }
  const autoencoder = autoencoderScores(errors, seed);
  return {
    ...scores,
    'autoencoder, errors': autoencoder,
    'service score and autoencoder': score!.map((one, i) => Math.cbrt(one ** 3 + autoencoder[i]! ** 3)),
  };
}

/** Trained on days three to seven, for it has to be ready when thresholds are set. */
function autoencoderScores(errors: readonly Float64Array[], seed: number): Float64Array {
  const features = errors[0]!.length;
  const model = trainedAutoencoder(errors.slice(TRAINED_FROM, TRAINED_TO), features, seed);
  const pass = createPass(model);
  const rarity = calibrator();
  return Float64Array.from(errors, (error, point) =>
    point < TRAINED_TO ? 0 : surprise(rarity, reconstructionError(model, error, pass)),
  );
}

function trainedAutoencoder(samples: readonly Float64Array[], features: number, seed: number): Autoencoder {
  const random = seededRandom(seed);
  const model = createAutoencoder({ features, hidden: 8, random });
  const flat = Float64Array.from(samples.flatMap((sample) => [...sample]));
  trainAutoencoder(model, flat, { epochs: EPOCHS, random });
  return model;
}

/** What is built for one indicator, the largest over the metrics. */
export function kpiScores(service: BenchService): Scores {
  const full = kpiScore(service, 'Full', false);
  const light = kpiScore(service, 'Light', false);
  const robust = kpiScore(service, 'Light', true);
  return {
    'KPI, full, largest metric': full.surprises,
    'KPI, light, largest metric': light.surprises,
    'KPI, light and robust (K1)': robust.surprises,
    'KPI, scale-free (K2)': full.scaleFree,
  };
}

function kpiScore(
  { metrics, points }: BenchService,
  tier: KpiTier,
  robust: boolean,
): { readonly surprises: Float64Array; readonly scaleFree: Float64Array } {
  const surprises = new Float64Array(points);
  const scaleFree = new Float64Array(points);
  for (const values of metrics) {
    const detector = createKpiDetector({ stepSeconds: SERVICE_STEP, tier, robust });
    const other = createScaleFree(SERVICE_DAY);
    values.forEach((value, point) => {
      surprises[point] = Math.max(surprises[point]!, observeKpi(detector, value, point));
      const score = scaleFreeScore(other, detector.experts.z, kpiDeviation(detector));
      scaleFree[point] = Math.max(scaleFree[point]!, score);
    });
  }
  return { surprises, scaleFree };
}

function calibrator(): ReturnType<typeof createTailCalibrator> {
  return createTailCalibrator({ effectiveSamples: 14 * SERVICE_DAY, robust: false });
}

function meanOfThree(scores: Float64Array, point: number): number {
  return (scores[point]! + (scores[point - 1] ?? 0) + (scores[point - 2] ?? 0)) / 3;
}

function clip(error: number): number {
  return Math.min(LARGEST_ERROR, Math.max(-LARGEST_ERROR, error));
}
