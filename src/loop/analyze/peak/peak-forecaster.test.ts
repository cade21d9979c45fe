import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { normal, seededRandom } from '../../../simulate/random.ts';
import { BINS_PER_DAY } from './bins.ts';
import { createPeakForecaster, observeBin, type PeakForecaster } from './peak-forecaster.ts';

const LAG = 3;
const WINDOWS = [
  { from: 1, to: 3 },
  { from: 0, to: 3 },
];

function forecaster(values: readonly number[] = [], from = 0): PeakForecaster {
  const created = createPeakForecaster(WINDOWS, LAG);
  values.forEach((value, i) => observeBin(created, from + i, value));
  return created;
}

/** A rate with a daily swing and a burst of ten minutes at noon. */
function rhythm(days: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: Math.round(days * BINS_PER_DAY) }, (_, bin) => {
    const phase = (bin % BINS_PER_DAY) / BINS_PER_DAY;
    const burst = phase >= 0.5 && phase < 0.507 ? 80 : 0;
    return Math.max(0, 100 - 50 * Math.cos(2 * Math.PI * phase) + burst + 3 * normal(random));
  });
}

function forecastsOf({ models }: PeakForecaster): unknown {
  return models.map(({ point, expectedError, nodes, decisionBin }) => ({
    point,
    expectedError,
    nodes: [...nodes],
    decisionBin,
  }));
}

/** Jest's own equality takes seconds for arrays of this size; clones of both have the same prototypes. */
function sameState(a: PeakForecaster, b: PeakForecaster): boolean {
  return isDeepStrictEqual(structuredClone(a), structuredClone(b));
}

describe('a forecaster of peaks', () => {
  test('knows nothing of what comes after the newest bin', () => {
    const rate = fc.double({ min: 0, max: 1000, noNaN: true });
    const past = fc.array(rate, { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(past, fc.array(rate, { maxLength: 100 }), (before, after) => {
        const alone = forecastsOf(forecaster(before));
        const seen: unknown[] = [];
        const together = forecaster();
        [...before, ...after].forEach((value, bin) => {
          observeBin(together, bin, value);
          seen.push(forecastsOf(together));
        });
        expect(seen[before.length - 1]).toEqual(alone);
      }),
      { numRuns: 40 },
    );
  });

  test('a copy goes on exactly as the original', () => {
    const values = rhythm(1.1, 1);
    const original = forecaster(values);
    const copy = structuredClone(original);
    rhythm(0.1, 2).forEach((value, i) => {
      observeBin(original, values.length + i, value);
      observeBin(copy, values.length + i, value);
    });
    expect(sameState(copy, original)).toBe(true);
    expect(forecastsOf(copy)).toEqual(forecastsOf(original));
  });

  test('expects what is constant to stay', () => {
    const [up] = forecaster(Array.from({ length: 2000 }, () => 42)).models;
    expect(up!.point).toBeCloseTo(42, 6);
    expect(Math.max(...up!.nodes)).toBeLessThan(43);
  });

  test('expects nothing where there was never anything', () => {
    const [up, hold] = forecaster(Array.from({ length: 2000 }, () => 0)).models;
    expect([...up!.nodes, ...hold!.nodes].every((node) => node === 0)).toBe(true);
  });

  test('sees the burst of every day come, and knows at what time its errors are large', () => {
    const values = rhythm(4.5, 3);
    const learned = forecaster(values.slice(0, -2));
    const [up] = learned.models;
    // The newest bin is the last but two of the morning, the window reaches 1 … 3 bins into the burst.
    expect(up!.point).toBeGreaterThan(values.at(-3)! + 30);
    const { timeOfDay } = up!.scale;
    expect(timeOfDay[144]).toBeGreaterThan(3 * timeOfDay[100]!);
  });

  test('covers the peaks that come as often as its levels say', () => {
    const random = seededRandom(4);
    let level = 100;
    const values = Array.from({ length: 3 * BINS_PER_DAY }, () => {
      level = Math.max(10, level + 0.02 * (100 - level) + 2 * normal(random));
      return level;
    });
    const created = forecaster();
    let below = 0;
    let counted = 0;
    values.forEach((value, bin) => {
      observeBin(created, bin, value);
      const model = created.models[0]!;
      const coming = values.slice(model.decisionBin + 1, model.decisionBin + 4);
      if (bin < BINS_PER_DAY || coming.length < 3) return;
      counted++;
      // The seventh node stands for the levels 0.9 … 0.95.
      if (Math.max(...coming) <= model.nodes[6]!) below++;
    });
    expect(below / counted).toBeGreaterThan(0.9);
    expect(below / counted).toBeLessThan(0.95);
  });

  test.each([
    ['five minutes', 20],
    ['three hours', 720],
    ['nine days', 9 * BINS_PER_DAY],
  ])('goes on after a gap of %s without learning from windows that it did not see', (_what, gap) => {
    const values = rhythm(1.1, 5);
    const created = forecaster(values);
    const learned = created.models[0]!.learned;
    const from = values.length + gap;
    const rest = rhythm(1, 6).slice(0, 200);
    rest.forEach((value, i) => observeBin(created, from + i, value));
    const [up] = created.models;
    // The first windows that are complete again end as many bins later as the forecast looks ahead.
    expect(up!.learned).toBe(learned + rest.length - (LAG + 3));
    expect(up!.decisionBin).toBe(from + rest.length - 1 + LAG);
    expect(Math.abs(up!.point - rest.at(-1)!)).toBeLessThan(20);
    for (const node of up!.nodes) expect(Number.isFinite(node)).toBe(true);
  });

  test.each([
    ['an earlier bin', 9, 5],
    ['the same bin', 10, 5],
    ['half a bin', 11.5, 5],
    ['a negative rate', 11, -1],
    ['no number', 11, NaN],
    ['an absurd rate', 11, 1e308],
    ['an infinite rate', 11, Infinity],
  ])('refuses %s and stays as it is', (_what, bin, value) => {
    const created = forecaster(Array.from({ length: 11 }, () => 5));
    const before = structuredClone(created);
    expect(observeBin(created, bin, value)).toBe(false);
    expect(sameState(created, before)).toBe(true);
  });

  test('stays finite through the largest rate that it accepts', () => {
    const created = forecaster(rhythm(0.2, 7));
    const from = created.history.newest + 1;
    observeBin(created, from, 1e30);
    for (let i = 1; i < 1000; i++) observeBin(created, from + i, 100);
    for (const { nodes } of created.models)
      for (const node of nodes) expect(Number.isFinite(node)).toBe(true);
  });

  test.each([
    [{ from: 0, to: 600 }, 3],
    [{ from: 0, to: 3 }, 0],
    [{ from: 0, to: 3 }, NaN],
  ])('refuses the window %j with a lag of %d', (window, lag) => {
    expect(() => createPeakForecaster([window], lag)).toThrow(/use a shorter window/);
  });
});
