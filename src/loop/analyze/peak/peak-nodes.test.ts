import fc from 'fast-check';
import { createArena } from './arena.ts';
import { BINS_PER_DAY } from './bins.ts';
import {
  createPastErrors,
  fillPeakNodes,
  learnPastError,
  PEAK_NODES,
  PEAK_WEIGHTS,
  peakQuantile,
  unsettlePastErrors,
  type PastErrors,
} from './peak-nodes.ts';
import { TIERS, type ForecastTier } from './tier.ts';

function pastOf(tier: ForecastTier, errors: readonly number[], scale: number): PastErrors {
  const past = createPastErrors(createArena(4000), TIERS[tier]);
  for (const error of errors) learnPastError(past, error, scale);
  return past;
}

function nodesOf(past: PastErrors, centre: { point: number; scale: number; record: number }): Float64Array {
  const nodes = new Float64Array(PEAK_NODES);
  fillPeakNodes(nodes, past, centre);
  return nodes;
}

/** Evenly between 0 and 20, in an order without trend. */
const UNIFORM = Array.from({ length: BINS_PER_DAY }, (_, i) => (20 * ((i * 2503) % 5760)) / 5760);

describe.each(['Full', 'Light'] as const)('the distribution of a peak (%s)', (tier) => {
  test('sits at the middle of each part of the levels, within a bin of the histogram', () => {
    const levels = [0.05, 0.2, 0.4, 0.6, 0.75, 0.85, 0.925, 0.965, 0.985, 0.9925, 0.9965, 0.99875, 0.99975];
    // Learned with a scale of 20, asked with one of 10: the tail of the errors as they were does not shrink.
    const nodes = nodesOf(pastOf(tier, UNIFORM, 20), { point: 100, scale: 10, record: 1000 });
    levels.forEach((level, i) => expect(Math.abs(nodes[i]! - (100 + 10 * level))).toBeLessThan(1));
    levels
      .slice(5)
      .forEach((level, i) => expect(Math.abs(nodes[13 + i]! - (100 + 20 * level))).toBeLessThan(2));
  });

  test('is a wide fan before anything is known', () => {
    const nodes = nodesOf(pastOf(tier, [], 1), { point: 100, scale: 10, record: 1000 });
    expect(nodes[0]).toBeLessThan(70);
    expect(nodes[12]).toBeGreaterThan(150);
    expect([...nodes.slice(13)]).toEqual([...nodes.slice(5, 13)]);
  });

  test('is never negative and never beyond twice the record', () => {
    const nodes = nodesOf(pastOf(tier, [], 1), { point: 10, scale: 10, record: 15 });
    expect(Math.min(...nodes)).toBe(0);
    expect(Math.max(...nodes)).toBe(30);
  });

  test('errors that were enlarged are told as many times larger', () => {
    const past = pastOf(tier, UNIFORM, 20);
    unsettlePastErrors(past, 1, 50);
    const nodes = nodesOf(past, { point: 0, scale: 1, record: 1e6 });
    expect(nodes[20]! / 1000).toBeGreaterThan(0.9);
    expect(nodes[20]! / 1000).toBeLessThan(1.2);
  });

  test('an error far beyond the grid is told, and those before it are kept', () => {
    const past = pastOf(tier, [...UNIFORM, ...Array.from({ length: 400 }, () => 5e6)], 20);
    const nodes = nodesOf(past, { point: 0, scale: 1, record: 1e12 });
    expect(nodes[20]).toBeGreaterThan(4e6);
    expect(nodes[20]).toBeLessThan(6e6);
  });
});

describe('a quantile of the peak', () => {
  test('weights leave out what cannot ask for capacity', () => {
    expect(PEAK_WEIGHTS.reduce((a, b) => a + b, 0)).toBeCloseTo(0.9 + 0.1 * 0.2, 12);
  });

  test('is that of the errors', () => {
    const nodes = nodesOf(pastOf('Full', UNIFORM, 10), { point: 100, scale: 10, record: 1000 });
    for (const level of [0.3, 0.5, 0.8, 0.9, 0.95, 0.99]) {
      expect(Math.abs(peakQuantile(nodes, PEAK_WEIGHTS, level) - (100 + 20 * level))).toBeLessThan(1);
    }
  });

  test('never falls when the level rises, and stays within the nodes', () => {
    const node = fc.double({ min: 0, max: 1e6, noNaN: true });
    const level = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(node, { minLength: PEAK_NODES, maxLength: PEAK_NODES }),
        level,
        level,
        (values, a, b) => {
          const rising = (from: number, to?: number): number[] =>
            values.slice(from, to).sort((x, y) => x - y);
          const nodes = Float64Array.from([...rising(0, 13), ...rising(13)]);
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((x) =>
            peakQuantile(nodes, PEAK_WEIGHTS, x),
          );
          expect(low!).toBeLessThanOrEqual(high! + 1e-9);
          expect(low!).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
          expect(high!).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        },
      ),
    );
  });
});
