import { robustRegression, type RobustFit } from './robust-regression.ts';

/** What the points of a memory series are: one number for each bin, oldest first, NaN where unknown. */
export interface MemoryPoints {
  /** Hours since the first bin, the middle of each bin. */
  readonly hours: Float64Array;
  readonly bytes: Float64Array;
  /** Requests per second or what else drives the workload; all NaN when nobody measures it. */
  readonly demand: Float64Array;
  /** The largest sample of each bin, where `bytes` is the mean. */
  readonly peaks: Float64Array;
}

/** One way in which memory can have grown, fitted. */
export interface GrowthModel {
  /** Grows with time, or with the requests served. */
  readonly clock: 'Time' | 'Demand';
  /** In units of its clock: growth slows down by e; Infinity for growth that does not slow down. */
  readonly saturation: number;
  readonly fit: RobustFit;
  /** Share of belief among the models of the same points. */
  readonly weight: number;
}

/** The points without what is not known. */
interface KnownPoints {
  readonly hours: Float64Array;
  readonly bytes: Float64Array;
  readonly peaks: Float64Array;
  /** Demand was measured; even when it does not vary, and so explains nothing. */
  readonly measured: boolean;
  readonly demand: Float64Array | undefined;
  readonly slowDemand: Float64Array | undefined;
}

export interface GrowthFits extends KnownPoints {
  readonly models: readonly GrowthModel[];
  /** Of the greatest weight. */
  readonly best: GrowthModel;
  /** Memory less what demand explains by the best model. */
  readonly driven: Float64Array;
  /** Demand × hours up to each point. */
  readonly served: Float64Array | undefined;
  /** By how much a level with one or two jumps tells the points better than growth; Schwarz's criterion, above 0 it does. */
  readonly jumpAdvantage: number;
}

/** Columns of a fit: a constant, growth, then demand now and demand of the last hour where it is known. */
export const GROWTH_COLUMN = 1;
/** Caches and pools follow demand with such a delay. */
const SLOW_HOURS = 1;
/** As shares of the clock's span. A growth that slows down later than that is straight as far as anyone can see. */
const SATURATIONS = [0.1, 0.2, 0.35, 0.6, 1, 2, Infinity];
/** Straight growth is believed as much as all that slow down together, before the points are seen. */
const STRAIGHT_PRIOR = SATURATIONS.length - 1;
/** Fewer points with both numbers known and demand is not taken as known. */
const KNOWN_SHARE = 0.8;
/** A demand that varies by less of its mean drives nothing. */
const CONSTANT_DEMAND = 0.01;

/** Undefined when there are too few points, nothing can be told from them, or a straight line grows by less than `leastBytes`. */
export function fitGrowth(
  points: MemoryPoints,
  leastPoints: number,
  leastBytes: number,
): GrowthFits | undefined {
  const known = knownPoints(points);
  if (known.hours.length < leastPoints || !grows(known, leastBytes)) return undefined;
  const driven = fitKnown(known);
  // More work in less memory is a coincidence of the trends of both, and would be told as growth.
  const follows = driven === undefined || demandBytes(driven.best, 1, 1) >= 0;
  return follows ? driven : fitKnown(known, []);
}

/** One fit by least squares: most workloads do not grow, and need no better ones. */
function grows(known: KnownPoints, leastBytes: number): boolean {
  const { hours, bytes } = known;
  const columns = [new Float64Array(hours.length).fill(1), hours, ...driversOf(known)];
  const slope = robustRegression(columns, bytes, Infinity)?.coefficients[GROWTH_COLUMN] ?? Infinity;
  return slope > 0 && slope * ((hours.at(-1) ?? NaN) - (hours[0] ?? NaN)) >= leastBytes;
}

function fitKnown(known: KnownPoints, explained = driversOf(known)): GrowthFits | undefined {
  const { hours, bytes, demand } = known;
  const constant = new Float64Array(hours.length).fill(1);
  const served = demand === undefined ? undefined : cumulated(hours, demand);
  const fits: Omit<GrowthModel, 'weight'>[] = [];
  for (const clock of ['Time', 'Demand'] as const) {
    const units = clock === 'Time' ? hours : served;
    if (units === undefined) continue;
    const span = (units.at(-1) ?? NaN) - (units[0] ?? NaN);
    for (const share of SATURATIONS) {
      const saturation = share * span;
      const fit = robustRegression([constant, units.map((at) => grown(at, saturation)), ...explained], bytes);
      if (fit !== undefined) fits.push({ clock, saturation, fit });
    }
  }
  if (fits.length === 0) return undefined;
  const models = weigh(fits);
  const best = models.reduce((a, b) => (b.weight > a.weight ? b : a));
  const driven = withoutDemand(bytes, explained, best);
  // Demand that happens to move as the jump does would hide it: memory as it is counts as well.
  const jumps = Math.max(jumpAdvantage(driven, best.fit), jumpAdvantage(bytes, best.fit));
  return { ...known, models, best, driven, served, jumpAdvantage: jumps };
}

function driversOf({ demand, slowDemand }: KnownPoints): Float64Array[] {
  return demand === undefined || slowDemand === undefined ? [] : [demand, slowDemand];
}

/** Growth up to `at`, in units of the clock; with a slope of 1 at the beginning. */
export function grown(at: number, saturation: number): number {
  return saturation === Infinity ? at : saturation * (1 - Math.exp(-at / saturation));
}

function withoutDemand(
  bytes: Float64Array,
  explained: readonly Float64Array[],
  { fit }: GrowthModel,
): Float64Array {
  const [, , ...factors] = fit.coefficients;
  return bytes.map((value, i) =>
    factors.reduce((rest, factor, k) => rest - factor * (explained[k]?.[i] ?? NaN), value),
  );
}

/** What memory owes to demand by `model`. */
export function demandBytes(model: GrowthModel, demand: number, slowDemand: number): number {
  const [, , now = 0, slow = 0] = model.fit.coefficients;
  return now * demand + slow * slowDemand;
}

function knownPoints({ hours, bytes, demand, peaks }: MemoryPoints): KnownPoints {
  const known = (i: number): boolean => !Number.isNaN(bytes[i]);
  const both = (i: number): boolean => known(i) && !Number.isNaN(demand[i]);
  let points = 0;
  let withDemand = 0;
  for (let i = 0; i < hours.length; i += 1) {
    if (known(i)) points += 1;
    if (both(i)) withDemand += 1;
  }
  const measured = withDemand > 0 && withDemand >= KNOWN_SHARE * points;
  const pick = (column: Float64Array): Float64Array =>
    column.filter((_, i) => (measured ? both(i) : known(i)));
  const chosen = { hours: pick(hours), bytes: pick(bytes), peaks: pick(peaks), measured };
  const drivers = pick(demand);
  if (!measured || !varies(drivers)) return { ...chosen, demand: undefined, slowDemand: undefined };
  return { ...chosen, demand: drivers, slowDemand: slowed(chosen.hours, drivers) };
}

function varies(values: Float64Array): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.sqrt(variance) > CONSTANT_DEMAND * Math.abs(mean);
}

function slowed(hours: Float64Array, demand: Float64Array): Float64Array {
  let slow = demand[0] ?? NaN;
  return demand.map((value, i) => {
    const elapsed = i === 0 ? 0 : (hours[i] ?? NaN) - (hours[i - 1] ?? NaN);
    slow += (1 - Math.exp(-elapsed / SLOW_HOURS)) * (value - slow);
    return slow;
  });
}

/** Demand × hours since the first point. */
function cumulated(hours: Float64Array, demand: Float64Array): Float64Array {
  let sum = 0;
  return demand.map(
    (value, i) => (sum += i === 0 ? 0 : Math.max(0, value) * ((hours[i] ?? NaN) - (hours[i - 1] ?? NaN))),
  );
}

/** Akaike's weights over the robust losses, for as many points as are independent by the best of them. */
function weigh(fits: readonly Omit<GrowthModel, 'weight'>[]): GrowthModel[] {
  const best = fits.reduce((a, b) => (b.fit.loss < a.fit.loss ? b : a)).fit;
  const likelihoods = fits.map(({ fit, saturation }) => {
    const prior = saturation === Infinity ? STRAIGHT_PRIOR : 1;
    if (!(fit.loss > 0 && best.loss > 0)) return prior * Number(fit === best);
    return prior * Math.exp((-best.effectivePoints / 2) * Math.log(fit.loss / best.loss));
  });
  const sum = likelihoods.reduce((total, value) => total + value, 0);
  return fits.map((model, k) => ({ ...model, weight: (likelihoods[k] ?? NaN) / sum }));
}

/**
 * A new release, a filled cache or a changed setting is a jump and no growth. Compared by Schwarz's criterion; a jump
 * costs two parameters, growth that may saturate costs two.
 */
function jumpAdvantage(bytes: Float64Array, { residuals, effectivePoints }: RobustFit): number {
  const scored = (loss: number, parameters: number): number =>
    effectivePoints * Math.log(Math.max(loss, Number.MIN_VALUE)) + parameters * Math.log(effectivePoints);
  // Least squares for both: a robust loss would take the minutes after a jump for outliers.
  const squares = residuals.reduce((sum, residual) => sum + residual * residual, 0);
  const growth = scored(squares / bytes.length, 2);
  const first = bestJump(bytes, 0, bytes.length);
  const left = bestJump(bytes, 0, first.at);
  const right = bestJump(bytes, first.at, bytes.length);
  const second = Math.max(left.gain, right.gain);
  const one = (first.squares - first.gain) / bytes.length;
  const two = (first.squares - first.gain - second) / bytes.length;
  return growth - Math.min(scored(one, 2), scored(two, 4));
}

function bestJump(
  bytes: Float64Array,
  from: number,
  to: number,
): { at: number; gain: number; squares: number } {
  const count = to - from;
  let total = 0;
  for (let i = from; i < to; i += 1) total += bytes[i] ?? NaN;
  const mean = total / count;
  let squares = 0;
  let left = 0;
  let best = { at: from, gain: 0 };
  for (let i = from; i < to; i += 1) {
    const deviation = (bytes[i] ?? NaN) - mean;
    squares += deviation * deviation;
    left += deviation;
    const sides = i + 1 - from;
    if (sides === count) continue;
    const gain = (left * left * count) / (sides * (count - sides));
    if (gain > best.gain) best = { at: i + 1, gain };
  }
  return { ...best, squares: count > 0 ? squares : 0 };
}

export function fittedAt(model: GrowthModel, units: number, drivenBytes: number): number {
  const [constant = 0, growth = 0] = model.fit.coefficients;
  return constant + growth * grown(units, model.saturation) + drivenBytes;
}
