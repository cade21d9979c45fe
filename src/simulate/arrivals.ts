import { ReplicaNeed } from './need.ts';
import { gamma, poisson, randomStream, type Random } from './random.ts';
import { addRoughness } from './roughness.ts';
import type { SimulationConfig } from './simulation-config.ts';
import { wholeTicks } from './ticks.ts';
import type { Trace } from './trace-demand.ts';

/** What arrives in a simulation, drawn once for each trace and the same for all contenders. */
export interface Arrivals {
  /** Ms since the epoch of the first tick, which is the first decision. */
  readonly startAt: number;
  /** Requests per second in each tick as they came, noise included; a whole number of decision intervals. */
  readonly rates: Float64Array;
  /** Requests before each tick, and after the last: one entry more than `rates`. */
  readonly cumulative: Float64Array;
  /** n*(t): for each decision interval the replicas that the largest rate of its noise-free line needs. */
  readonly needed: Uint32Array;
  /** Requests per second for each unit of the trace. */
  readonly scale: number;
  /** Seeds whatever else is random on this trace: the configured seed mixed with the trace's own samples. */
  readonly seed: number;
}

/**
 * The load of a trace in ticks: straight lines between its samples, scaled to the configured peak, with the
 * configured randomness. Same trace, same configuration: same bytes.
 * @throws RangeError when the trace is too short, or is 0 at the quantile that it should be scaled by.
 */
export function prepareArrivals(trace: Trace, config: SimulationConfig): Arrivals {
  const { tickSeconds, decisionSeconds, demand, service } = config;
  const decisionTicks = wholeTicks(decisionSeconds, tickSeconds);
  const line = lineOf(trace, tickSeconds, decisionTicks);
  const scale = service.requestsPerSecond / (demand.replicaCapacity ?? capacityOf(line, demand));
  for (let i = 0; i < line.length; i += 1) line[i] = (line[i] ?? 0) * scale;

  const seed = seedOf(trace, config.seed);
  if (config.arrivals.process === 'rough') {
    addRoughness(line, { trace, scale, tickSeconds, random: randomStream(seed, 'roughness') });
  }
  const rates = line.map(drawRate(config, randomStream(seed, 'arrivals')));
  return {
    startAt: trace.times[0] ?? 0,
    rates,
    cumulative: cumulate(rates, tickSeconds),
    needed: neededReplicas(line, decisionTicks, new ReplicaNeed(config)),
    scale,
    seed,
  };
}

/** Units of the trace for each replica with which the peak keeps as many busy as configured. */
function capacityOf(line: Float64Array, { peakQuantile, peakReplicas }: SimulationConfig['demand']): number {
  const peak = quantile(line, peakQuantile);
  if (peak > 0) return peak / peakReplicas;
  throw new RangeError(
    `the trace's ${peakQuantile} quantile is ${peak}; it must be above 0 to stand for ${peakReplicas} busy replicas`,
  );
}

/** The value of the trace's straight lines at the start of each tick. */
function lineOf({ times, values }: Trace, tickSeconds: number, decisionTicks: number): Float64Array {
  const first = times[0] ?? 0;
  const last = times[times.length - 1] ?? 0;
  const ticks = Math.floor((last - first) / 1000 / tickSeconds / decisionTicks) * decisionTicks;
  if (ticks === 0) throw new RangeError('the trace must be longer than one decision interval');
  const line = new Float64Array(ticks);
  let left = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const at = first + tick * tickSeconds * 1000;
    while ((times[left + 1] ?? Infinity) <= at) left += 1;
    const from = times[left] ?? first;
    const to = times[left + 1] ?? last;
    const value = values[left] ?? 0;
    line[tick] = value + (((values[left + 1] ?? value) - value) * (at - from)) / (to - from);
  }
  return line;
}

/** The nearest of the sorted values. */
function quantile(values: Float64Array, level: number): number {
  return values.slice().sort()[Math.round(level * (values.length - 1))] ?? NaN;
}

/** From the line's rate to the one that comes; both in requests per second. */
function drawRate({ arrivals, tickSeconds }: SimulationConfig, random: Random): (rate: number) => number {
  switch (arrivals.process) {
    case 'linear':
      return (rate) => rate;
    case 'poisson':
    case 'rough':
      return (rate) => poisson(rate * tickSeconds, random) / tickSeconds;
    case 'overdispersed': {
      const excess = arrivals.dispersion - 1;
      if (!(excess > 0)) throw new RangeError(`dispersion must be above 1, found ${arrivals.dispersion}`);
      // Negative binomial: a Poisson count whose mean is a gamma variable of variance mean × (dispersion - 1).
      return (rate) =>
        rate === 0 ? 0 : poisson(gamma((rate * tickSeconds) / excess, random) * excess, random) / tickSeconds;
    }
  }
}

function cumulate(rates: Float64Array, tickSeconds: number): Float64Array {
  const sums = new Float64Array(rates.length + 1);
  let sum = 0;
  for (let tick = 0; tick < rates.length; tick += 1) {
    sum += (rates[tick] ?? 0) * tickSeconds;
    sums[tick + 1] = sum;
  }
  return sums;
}

function neededReplicas(line: Float64Array, decisionTicks: number, need: ReplicaNeed): Uint32Array {
  return Uint32Array.from({ length: line.length / decisionTicks }, (_, decision) => {
    let largest = 0;
    for (let tick = decision * decisionTicks; tick < (decision + 1) * decisionTicks; tick += 1) {
      largest = Math.max(largest, line[tick] ?? 0);
    }
    return need.at(largest);
  });
}

/** FNV-1a over the samples, so that two traces have different luck under one configured seed. */
function seedOf({ times, values }: Trace, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const samples of [times, values]) {
    for (const word of new Uint32Array(samples.slice().buffer)) hash = Math.imul(hash ^ word, 0x01000193);
  }
  return hash >>> 0;
}
