import {
  demandBytes,
  fittedAt,
  GROWTH_COLUMN,
  grown,
  type GrowthFits,
  type GrowthModel,
} from './growth-models.ts';

/** Seconds; Infinity where it does not happen within the horizon. */
export interface TimeToLimit {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  /** Belief that the limit is reached within the horizon, 0 … 1. */
  readonly chance: number;
}

export interface Projection {
  readonly fits: GrowthFits;
  readonly limitBytes: number;
  /** How far the largest of a bin is above the fitted line: values that are equally likely to be what meets the limit. */
  readonly excursions: readonly number[];
  readonly horizonHours: number;
  /** The demand that is usual so many hours from the last point; NaN where nobody measures it. */
  readonly demandAhead: (hours: number) => number;
}

const STEP_HOURS = 0.25;
/** Five equally likely slopes: the 10th, 30th, 50th, 70th and 90th percentiles of the normal distribution. */
const NODES = [-1.2816, -0.5244, 0, 0.5244, 1.2816];
/** Who asks when a leak ends has found that it is one: growth that slows down is believed that much less than before. */
const STRAIGHT = 10;
/** Models that nobody believes in are not projected. */
const LEAST_WEIGHT = 1e-3;

/** Over all models by their weights and over the error of each one's slope: 5th, 50th and 95th percentile. */
export function timeToLimit(projection: Projection): TimeToLimit {
  const outcomes: { seconds: number; weight: number }[] = [];
  const path = demandPath(projection);
  for (const model of projection.fits.models) {
    if (model.weight < LEAST_WEIGHT) continue;
    const weight = model.weight * (model.saturation === Infinity ? STRAIGHT : 1);
    for (const node of NODES) {
      for (const excursion of projection.excursions) {
        outcomes.push({ seconds: reach(projection, { model, node, excursion }, path), weight });
      }
    }
  }
  outcomes.sort((a, b) => a.seconds - b.seconds);
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const at = (level: number): number => {
    let sum = 0;
    for (const { seconds, weight } of outcomes) if ((sum += weight) >= level * total) return seconds;
    return Infinity;
  };
  const chance = outcomes.reduce((sum, { seconds, weight }) => sum + (seconds < Infinity ? weight : 0), 0);
  return { lower: at(0.05), median: at(0.5), upper: at(0.95), chance: chance / total };
}

interface DemandPath {
  readonly demand: Float64Array;
  readonly slow: Float64Array;
  /** Demand × hours since the first point of the fit. */
  readonly served: Float64Array;
}

function demandPath({ fits, horizonHours, demandAhead }: Projection): DemandPath {
  const steps = Math.ceil(horizonHours / STEP_HOURS) + 1;
  const path = {
    demand: new Float64Array(steps),
    slow: new Float64Array(steps),
    served: new Float64Array(steps),
  };
  let slow = fits.slowDemand?.at(-1) ?? 0;
  let served = fits.served?.at(-1) ?? NaN;
  for (let step = 0; step < steps; step += 1) {
    const demand = fits.demand === undefined ? 0 : demandAhead(step * STEP_HOURS);
    slow += (1 - Math.exp(-STEP_HOURS)) * (demand - slow);
    path.demand[step] = demand;
    path.slow[step] = slow;
    path.served[step] = served;
    served += Math.max(0, demand) * STEP_HOURS;
  }
  return path;
}

interface Course {
  readonly model: GrowthModel;
  /** Standard errors by which the slope is off. */
  readonly node: number;
  readonly excursion: number;
}

function reach(projection: Projection, { model, node, excursion }: Course, path: DemandPath): number {
  const { fits, limitBytes } = projection;
  const hoursNow = fits.hours.at(-1) ?? NaN;
  const unitsNow = model.clock === 'Time' ? hoursNow : (path.served[0] ?? NaN);
  const slope = (model.fit.coefficients[GROWTH_COLUMN] ?? NaN) + node * model.fit.errorOf(GROWTH_COLUMN);
  const base = fittedAt(model, unitsNow, excursion);
  const grownNow = grown(unitsNow, model.saturation);
  let before = NaN;
  for (let step = 0; step < path.demand.length; step += 1) {
    const units = model.clock === 'Time' ? hoursNow + step * STEP_HOURS : (path.served[step] ?? NaN);
    const growth = slope * (grown(units, model.saturation) - grownNow);
    const level = base + growth + demandBytes(model, path.demand[step] ?? NaN, path.slow[step] ?? NaN);
    if (level >= limitBytes) {
      const within = step > 0 ? (limitBytes - before) / (level - before) : 1;
      return Math.max(0, (step - 1 + within) * STEP_HOURS * 3600);
    }
    before = level;
  }
  return Infinity;
}
