import fc from 'fast-check';
import { prepareArrivals } from './arrivals.ts';
import { ReplicaNeed } from './need.ts';
import { DEFAULT_SIMULATION, type ArrivalProcess, type SimulationConfig } from './simulation-config.ts';
import { traceDemand, type Trace } from './trace-demand.ts';

const start = Date.UTC(2024, 5, 3);
const minute = 60_000;

/** One sample a minute. */
function traceOf(values: readonly number[]): Trace {
  return {
    times: Float64Array.from(values, (_, i) => start + i * minute),
    values: Float64Array.from(values),
  };
}

function configFor(process: ArrivalProcess, seed = 1): SimulationConfig {
  const bounds = { minReplicas: 1, maxReplicas: 60 };
  return { ...DEFAULT_SIMULATION, seed, bounds, arrivals: { process, dispersion: 4 } };
}

const waves = traceOf(Array.from({ length: 900 }, (_, i) => 50 + 40 * Math.sin(i / 60)));
const processes = ['linear', 'poisson', 'overdispersed', 'rough'] as const;

describe('arrivals without noise', () => {
  const { rates, scale, startAt, cumulative, needed } = prepareArrivals(waves, configFor('linear'));

  it('are the straight lines of the trace at the start of each tick, scaled', () => {
    const demand = traceDemand(waves, { scale });
    expect(startAt).toBe(start);
    expect(rates).toHaveLength(899 * 12);
    for (let tick = 0; tick < rates.length; tick += 997) {
      expect(rates[tick]).toBeCloseTo(demand(start + tick * 5000), 9);
    }
  });

  it('keep the configured number of replicas busy at the configured quantile', () => {
    const above = rates.filter((rate) => rate > 400).length / rates.length;
    expect(above).toBeLessThan(0.0011);
    expect(above).toBeGreaterThan(0.0009);
  });

  it('add up', () => {
    expect(cumulative[0]).toBe(0);
    expect(cumulative[rates.length]).toBeCloseTo(5 * rates.reduce((sum, rate) => sum + rate, 0), 3);
  });

  it('need what the largest rate of each decision interval needs', () => {
    const need = new ReplicaNeed(DEFAULT_SIMULATION);
    expect(needed).toHaveLength(rates.length / 3);
    for (let i = 0; i < needed.length; i += 101) {
      expect(needed[i]).toBe(need.at(Math.max(...rates.subarray(3 * i, 3 * i + 3))));
    }
  });

  it('run straight across a gap', () => {
    const gap = {
      times: Float64Array.of(start, start + minute, start + 61 * minute, start + 62 * minute),
      values: Float64Array.of(10, 10, 40, 40),
    };
    const bridged = prepareArrivals(gap, configFor('linear'));
    expect(bridged.rates[12 * 31]).toBeCloseTo(25 * bridged.scale, 9);
    expect(prepareArrivals(gap, configFor('rough')).needed[4 * 31]).toBe(bridged.needed[4 * 31]);
  });
});

describe('random arrivals', () => {
  const flat = traceOf(Array.from({ length: 1500 }, () => 7));

  it.each([
    ['poisson', 1],
    ['overdispersed', 4],
    ['rough', 1],
  ] as const)('of a steady load are %s with variance ÷ mean = %d', (process, dispersion) => {
    const { rates } = prepareArrivals(flat, configFor(process));
    const counts = rates.map((rate) => rate * 5);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
    // 18,000 ticks: the standard error of the ratio is about 1 %.
    expect(mean / 2000).toBeCloseTo(1, 2);
    expect(Math.abs(variance / mean / dispersion - 1)).toBeLessThan(0.04);
    expect(counts.every(Number.isInteger)).toBe(true);
  });

  it('need what the load without noise needs', () => {
    const plain = prepareArrivals(waves, configFor('linear'));
    expect(prepareArrivals(waves, configFor('poisson')).needed).toEqual(plain.needed);
    expect(prepareArrivals(waves, configFor('overdispersed')).needed).toEqual(plain.needed);
  });

  it('that are rough leave the line between samples and meet it at each of them', () => {
    const zigzag = traceOf(Array.from({ length: 1000 }, (_, i) => 50 + 10 * Math.sin(i * i)));
    const { needed } = prepareArrivals(zigzag, configFor('rough'));
    const straight = prepareArrivals(zigzag, configFor('linear')).needed;
    const changed = needed.filter((replicas, i) => replicas !== straight[i]).length;
    expect(changed / needed.length).toBeGreaterThan(0.5);
    const mean = (of: Uint32Array): number => of.reduce((sum, replicas) => sum + replicas, 0) / of.length;
    // A bridge is as often below as above; the largest of three ticks lies above a straight line's by a little.
    expect(mean(needed) / mean(straight)).toBeGreaterThan(1);
    expect(mean(needed) / mean(straight)).toBeLessThan(1.15);
  });

  it.each(processes)('that are %s are the same bytes for the same seed', (process) => {
    expect(prepareArrivals(waves, configFor(process))).toEqual(prepareArrivals(waves, configFor(process)));
  });

  it.each(['poisson', 'overdispersed', 'rough'] as const)(
    'that are %s differ for another seed and for another trace',
    (process) => {
      const { rates, seed } = prepareArrivals(waves, configFor(process));
      expect(prepareArrivals(waves, configFor(process, 2)).rates).not.toEqual(rates);
      const other = {
        times: waves.times,
        values: waves.values.map((value, i) => (i === 5 ? value + 1e-9 : value)),
      };
      expect(prepareArrivals(other, configFor(process)).seed).not.toBe(seed);
    },
  );

  it.each(processes)('that are %s are never negative nor unknown', (process) => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer(), (load, seed) => {
        fc.pre(load.some((value) => value > 1e-3));
        const { rates } = prepareArrivals(traceOf(load), configFor(process, seed));
        expect(rates.every((rate) => rate >= 0 && rate < Infinity)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a trace that cannot be played', () => {
  it('is all zero', () => {
    expect(() => prepareArrivals(traceOf([0, 0, 0]), configFor('linear'))).toThrow(
      /0.999 quantile is 0; it must be above 0/,
    );
  });

  it('is shorter than a decision', () => {
    const short = { times: Float64Array.of(start, start + 10_000), values: Float64Array.of(1, 2) };
    expect(() => prepareArrivals(short, configFor('linear'))).toThrow(/longer than one decision interval/);
  });

  it('is to be played with arrivals in bursts that are no bursts', () => {
    const config = { ...DEFAULT_SIMULATION, arrivals: { process: 'overdispersed', dispersion: 1 } } as const;
    expect(() => prepareArrivals(waves, config)).toThrow(/dispersion must be above 1, found 1/);
  });

  it('is to be decided on between ticks', () => {
    const config = { ...DEFAULT_SIMULATION, decisionSeconds: 7 };
    expect(() => prepareArrivals(waves, config)).toThrow(/7 s must be a whole number of ticks of 5 s/);
  });
});
